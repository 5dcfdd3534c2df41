package io.vertikube.kubelet.runtime.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Understands the few commands that manifests and tests use to make a container do something: {@code echo}, {@code
 * sleep}, {@code exit}, {@code true}, {@code false}, {@code hostname}, {@code env}, joined by {@code ;} or {@code &&},
 * also behind {@code sh -c}. Anything else is taken for a server that runs until it is stopped. Pure functions.
 */
final class ToyShell {

    /** One thing that a program does. */
    sealed interface Step {

        record Print(String line) implements Step {}

        record Pause(Duration time) implements Step {}

        record Exit(int code) implements Step {}

        /** Runs until it is stopped. */
        record Serve() implements Step {}
    }

    private ToyShell() {}

    /** The steps of a command line; always ends with {@code Exit} or {@code Serve}. */
    static List<Step> program(List<String> commandLine, Map<String, String> env, String hostname) {
        List<Step> steps = new ArrayList<>();
        if (commandLine.isEmpty()) {
            return List.of(new Step.Serve());
        }
        for (List<String> command : commands(commandLine)) {
            Step step = step(command, env, hostname);
            steps.add(step);
            if (step instanceof Step.Exit || step instanceof Step.Serve) {
                return steps;
            }
        }
        steps.add(new Step.Exit(0));
        return steps;
    }

    private static List<List<String>> commands(List<String> line) {
        String first = line.getFirst().substring(line.getFirst().lastIndexOf('/') + 1);
        boolean shell = (first.equals("sh") || first.equals("bash") || first.equals("busybox"))
                && line.size() > 2
                && line.contains("-c");
        if (!shell) {
            return List.of(line);
        }
        List<List<String>> result = new ArrayList<>();
        for (String part : line.get(line.indexOf("-c") + 1).split(";|&&|\n")) {
            if (!part.isBlank()) {
                result.add(List.of(part.strip().split("\\s+")));
            }
        }
        return result;
    }

    private static Step step(List<String> words, Map<String, String> env, String hostname) {
        String name = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        String rest = String.join(" ", words.subList(1, words.size()));
        return switch (name) {
            case "true", ":" -> new Step.Print("");
            case "false" -> new Step.Exit(1);
            case "exit" -> new Step.Exit(number(rest));
            case "echo" -> new Step.Print(unquoted(substituted(rest, env)));
            case "hostname" -> new Step.Print(hostname);
            case "env" ->
                new Step.Print(String.join(
                        "\n",
                        env.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList()));
            case "sleep" ->
                rest.equals("infinity") || rest.equals("inf")
                        ? new Step.Serve()
                        : new Step.Pause(Duration.ofMillis((long) (1000 * decimal(rest))));
            default -> new Step.Serve();
        };
    }

    private static String substituted(String text, Map<String, String> env) {
        String result = text;
        for (Map.Entry<String, String> entry : env.entrySet()) {
            result = result.replace("${" + entry.getKey() + "}", entry.getValue())
                    .replace("$" + entry.getKey(), entry.getValue());
        }
        return result;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(0) == text.charAt(text.length() - 1);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static int number(String text) {
        return (int) decimal(text.isBlank() ? "0" : text);
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
