package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class ServiceMainTest {

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @Command(name = "probe")
    static final class Probe implements Callable<Integer> {
        @Mixin
        private CommonFlags common;

        @Option(names = "--secure-port", defaultValue = "1")
        private int securePort;

        @Option(names = "--client-ca-file")
        private Path clientCaFile;

        @Override
        public Integer call() {
            if (securePort == 9) {
                throw new IllegalStateException("the port is taken");
            }
            return securePort;
        }
    }

    private int run(String... arguments) {
        return ServiceMain.run(new CommandLine(new Probe()).setErr(new PrintWriter(err, true)), arguments);
    }

    @Test
    void aBadFlagIsTwoAndASentence() {
        assertThat(run("--nonsense")).isEqualTo(2);
        assertThat(err.toString()).startsWith("probe: Unknown option: '--nonsense'");
    }

    @Test
    void aFailureIsOneAndASentence() {
        assertThat(run("--secure-port=9")).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("probe: the port is taken");
    }

    @Test
    void flagsWinOverTheConfigFile() throws Exception {
        Path file =
                Files.writeString(folder.resolve("c.yaml"), "kind: X\nclientCAFile: /x\nserving: {securePort: 7}\n");
        assertThat(run("--config", file.toString())).isEqualTo(7);
        assertThat(run("--config=" + file, "--secure-port=5")).isEqualTo(5);
    }

    @Test
    void anUnknownSettingInTheConfigFileIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("c.yaml"), "securePrt: 7\n");
        assertThat(run("--config", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("unknown setting \"secure-prt\"");
    }
}
