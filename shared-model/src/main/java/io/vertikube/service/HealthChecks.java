package io.vertikube.service;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Named checks behind {@code /healthz}, {@code /livez} and {@code /readyz}, answered as Kubernetes does ("API health
 * endpoints" in the documentation): {@code ok}, or one line a check. Safe for any thread.
 */
public final class HealthChecks {

    /** An answer to a health request. */
    public record Answer(int code, String text) {}

    private final Map<String, Supplier<Optional<String>>> live = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();

    public HealthChecks() {
        addLive("ping", Optional::empty);
    }

    /** A check that says whether the process works at all; it counts for readiness too. Empty means fine. */
    public void addLive(String name, Supplier<Optional<String>> problem) {
        live.put(name, problem);
        ready.put(name, problem);
    }

    /** A check that says whether it can serve now. Empty means fine. */
    public void addReady(String name, Supplier<Optional<String>> problem) {
        ready.put(name, problem);
    }

    /** Whether every readiness check is fine. */
    public boolean isReady() {
        return ready.values().stream().allMatch(check -> check.get().isEmpty());
    }

    /** Whether a path is one of health. */
    public static boolean isHealthPath(String path) {
        return path.equals("/healthz")
                || path.equals("/livez")
                || path.equals("/readyz")
                || path.startsWith("/healthz/")
                || path.startsWith("/livez/")
                || path.startsWith("/readyz/");
    }

    /**
     * Answers a request.
     *
     * @param path {@code /readyz}, or {@code /readyz/ping} for one check
     * @param exclude names of checks to leave out
     */
    public Answer answer(String path, boolean verbose, Set<String> exclude) {
        String[] parts = path.substring(1).split("/", 2);
        String group = parts[0];
        var checks = group.equals("readyz") ? ready : live;
        if (parts.length == 2) {
            Supplier<Optional<String>> one = checks.get(parts[1]);
            if (one == null) {
                return new Answer(404, "404 page not found\n");
            }
            return one.get().map(problem -> new Answer(500, problem + "\n")).orElse(new Answer(200, "ok"));
        }
        return all(group, checks, verbose, exclude);
    }

    private static Answer all(
            String group, Map<String, Supplier<Optional<String>>> checks, boolean verbose, Set<String> exclude) {
        var text = new StringBuilder();
        boolean fine = true;
        for (var check : checks.entrySet()) {
            if (exclude.contains(check.getKey())) {
                text.append("[+]").append(check.getKey()).append(" excluded: ok\n");
                continue;
            }
            Optional<String> problem = check.getValue().get();
            fine &= problem.isEmpty();
            text.append(problem.isEmpty() ? "[+]" : "[-]")
                    .append(check.getKey())
                    .append(problem.map(p -> " failed: " + p).orElse(" ok"))
                    .append('\n');
        }
        if (fine) {
            return new Answer(200, verbose ? text + group + " check passed\n" : "ok");
        }
        return new Answer(500, text + group + " check failed\n");
    }
}
