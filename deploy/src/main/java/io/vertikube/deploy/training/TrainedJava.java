package io.vertikube.deploy.training;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The command of the JVM that learns: what it is to note and where is in it. Confined to the thread of the training. */
final class TrainedJava {

    @Parameters(
            paramLabel = "JAVA",
            arity = "1..*",
            description = "After --: the command of a JVM with our main class.")
    private List<String> java = List.of();

    /** With arguments for our main class. */
    List<String> command(String... arguments) {
        var command = new ArrayList<>(java);
        command.addAll(List.of(arguments));
        return command;
    }
}
