package io.vertikube.e2e.kubectl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A readable file of commands and what they say. Immutable.
 *
 * <pre>
 * # words
 * only 1.27 1.32                    the whole script, or, before a command, that command and its output
 * alone                             not beside other scripts
 * $ kubectl get pods                one command for bash, gone on with in lines that begin with "> "
 * NAME   READY                      what it says on both outputs; see {@link Expectation}
 * [1]                               its exit code, if not 0
 * ~ kubectl get pods                said again until it says this
 * </pre>
 */
record Script(String name, List<String> versions, boolean alone, List<Step> steps) {

    /** A command and what it has to say; {@code versions} is empty where every kubectl says it. */
    record Step(int line, List<String> versions, boolean again, String command, List<String> expected, int exitCode) {
        Step {
            versions = List.copyOf(versions);
            expected = List.copyOf(expected);
        }

        boolean isFor(String version) {
            return versions.isEmpty() || versions.contains(version);
        }
    }

    Script {
        versions = List.copyOf(versions);
        steps = List.copyOf(steps);
    }

    boolean isFor(String version) {
        return versions.isEmpty() || versions.contains(version);
    }

    static Script read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> versions = List.of();
        List<String> only = List.of();
        boolean alone = false;
        var steps = new ArrayList<Step>();
        for (int i = 0; i < lines.size(); ) {
            String line = lines.get(i);
            if (line.startsWith("$ ") || line.startsWith("~ ")) {
                int first = i++;
                var command = new StringBuilder(line.substring(2));
                while (i < lines.size() && lines.get(i).startsWith("> ")) {
                    command.append('\n').append(lines.get(i++).substring(2));
                }
                var expected = new ArrayList<String>();
                int exitCode = 0;
                while (i < lines.size() && !lines.get(i).isEmpty()) {
                    String said = lines.get(i++);
                    if (said.matches("\\[\\d+]")) {
                        exitCode = Integer.parseInt(said.substring(1, said.length() - 1));
                    } else {
                        expected.add(said);
                    }
                }
                steps.add(new Step(first + 1, only, line.startsWith("~"), command.toString(), expected, exitCode));
                only = List.of();
                continue;
            }
            i++;
            if (line.startsWith("only ")) {
                List<String> named = Arrays.asList(line.substring(5).split(" "));
                if (steps.isEmpty()
                        && versions.isEmpty()
                        && i < lines.size()
                        && lines.get(i).isEmpty()) {
                    versions = named;
                } else {
                    only = named;
                }
            } else if (line.equals("alone")) {
                alone = true;
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IllegalArgumentException(file + ":" + i + ": neither a command nor a comment: " + line);
            }
        }
        return new Script(file.getFileName().toString().replace(".txt", ""), versions, alone, steps);
    }
}
