package io.vertikube.deploy.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertikube lift-classes FOLDER}: makes the folder's jars fit for an ahead-of-time cache. */
@Command(
        name = "lift-classes",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Writes the classes of before Java 6 in a folder's jars anew, so that a cache takes them.")
public final class LiftCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FOLDER", description = "Where the distribution's jars are.")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        for (Path jar : jars) {
            int lifted = OldClasses.lift(jar);
            if (lifted > 0) {
                System.out.println(jar.getFileName() + ": " + lifted + " classes");
            }
        }
        return 0;
    }
}
