package io.vertikube.deploy.bench.controllers;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The figures, as they come and as a table in the end. Confined to one thread. */
final class PhaseReport {

    private final PrintStream out;
    private final long began = System.nanoTime();
    private final List<String> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    PhaseReport(PrintStream out) {
        this.out = out;
    }

    /** A line with the time since the beginning, at once. */
    void step(String words) {
        out.printf(Locale.ROOT, "%7.3f s  %s%n", (System.nanoTime() - began) / 1e9, words);
        out.flush();
    }

    void note(String words) {
        notes.add(words);
    }

    void lap(String name, double seconds, int pods) {
        step(String.format(Locale.ROOT, "%s: %.2f s", name, seconds));
        rows.add(String.format(Locale.ROOT, "%-58s %8.2f s %8.0f", name, seconds, pods / seconds));
    }

    /** @param standIn writes in it that were not the controllers' */
    void end(
            String name,
            double seconds,
            int pods,
            Cost.Spent spent,
            long standIn,
            Map<String, Double> deepest,
            Map<String, Double> left) {
        step(String.format(Locale.ROOT, "%s: %.2f s", name, seconds));
        double writes = spent.writes().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        rows.add(String.format(
                Locale.ROOT,
                "%-58s %8.2f s %8.0f %11.0f %11.0f %8.2f",
                name,
                seconds,
                pods / seconds,
                (double) spent.serverMicros() / pods,
                (double) spent.controllerMicros() / pods,
                (writes - standIn) / pods));
        notes.add(name + ":\n  accepted writes (" + standIn + " of PATCH pods status are the pods' being made Ready): "
                + counts(spent.writes())
                + "\n  deepest queues: " + counts(deepest) + "; left in them: " + counts(left));
    }

    void print() {
        out.println();
        out.printf("%-58s %10s %8s %11s %11s %8s%n", "", "time", "pods/s", "server µs", "ctrl µs", "writes");
        out.printf("%-58s %10s %8s %11s %11s %8s%n", "", "", "", "a pod", "a pod", "a pod");
        rows.forEach(out::println);
        out.println();
        notes.forEach(out::println);
        out.flush();
    }

    private static String counts(Map<String, Double> counts) {
        Map<String, Double> some = new TreeMap<>(counts);
        some.values().removeIf(count -> count == 0);
        return some.isEmpty()
                ? "none"
                : some.entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%s %,.0f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
    }
}
