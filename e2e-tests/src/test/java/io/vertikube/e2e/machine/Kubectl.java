package io.vertikube.e2e.machine;

import io.vertikube.e2e.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One kubectl against one cluster. Immutable. */
public final class Kubectl {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Shell shell;
    private final Path executable;

    public Kubectl(Shell shell, Path executable) {
        this.shell = shell;
        this.executable = executable;
    }

    /** The kubectl of the PATH, and the other versions that lie beside it. */
    public static List<Path> installed() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(":")) {
            Path candidate = Path.of(folder, "kubectl");
            if (Files.isExecutable(candidate)) {
                var all = new ArrayList<Path>(List.of(candidate));
                try (Stream<Path> beside = Files.list(candidate.toRealPath().getParent())) {
                    beside.filter(p -> p.getFileName().toString().matches("kubectl\\.1\\.(27|29|32)"))
                            .sorted()
                            .forEach(all::add);
                }
                return all;
            }
        }
        throw new IllegalStateException("no kubectl in PATH; deploy/test installs one");
    }

    /** What the command printed; an error ends the test with what was said. */
    public String run(String... arguments) {
        return result(arguments).orFail();
    }

    public String runWithInput(String input, String... arguments) {
        return shell.runWithInput(PATIENCE, input, command(arguments)).orFail();
    }

    public Shell.Result resultWithInput(String input, String... arguments) {
        return shell.runWithInput(PATIENCE, input, command(arguments));
    }

    public Shell.Result result(String... arguments) {
        return shell.run(PATIENCE, command(arguments));
    }

    public Path executable() {
        return executable;
    }

    private String[] command(String... arguments) {
        var command = new ArrayList<String>();
        command.add(executable.toString());
        command.addAll(List.of(arguments));
        return command.toArray(new String[0]);
    }
}
