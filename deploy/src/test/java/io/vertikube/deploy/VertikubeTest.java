package io.vertikube.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VertikubeTest {

    @Test
    void everyCommandIsCalledByTheNameThatItHasItself() {
        Vertikube.subcommands()
                .forEach((name, command) -> assertThat(new CommandLine(command.get()).getCommandName())
                        .isEqualTo(name));
    }

    @Test
    void onlyTheFlagsOfTheCommandThatIsCalledAreRead() {
        assertThat(Vertikube.commandLine("run", "apiserver").getSubcommands()).containsOnlyKeys("run");
        for (String[] others : new String[][] {{}, {"--help"}, {"kube-scheduler"}}) {
            assertThat(Vertikube.commandLine(others).getSubcommands().keySet())
                    .containsAll(Vertikube.subcommands().keySet());
        }
    }

    @Test
    void aCommandThatIsNoneIsRefusedBesideThoseThereAre() {
        var line = Vertikube.commandLine("runn");
        var told = new StringWriter();
        line.setErr(new PrintWriter(told));
        assertThat(line.execute("runn")).isEqualTo(2);
        assertThat(told.toString()).contains("runn").contains("run");
    }
}
