package io.vertikube.deploy.bench.apiserver;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How large a measurement is. Immutable.
 *
 * @param pods how many there are when lists are measured
 * @param seconds of each measurement of reads, and at most of each of creates
 * @param warmUpSeconds of creates before anything is measured
 * @param watchers and
 * @param events of the fan-out
 * @param only which parts to run; all if empty
 * @param serverCommand starts the server to measure; empty if it runs already
 * @param serverPid where it runs already, if that is on this machine; else 0
 * @param etcd to compare creates with; null if there is none
 */
record BenchOptions(
        int pods,
        double seconds,
        double warmUpSeconds,
        int watchers,
        int events,
        Set<String> only,
        List<String> serverCommand,
        long serverPid,
        @Nullable Etcd etcd) {

    static final List<String> PARTS = List.of("etcd", "creates", "gets", "lists", "full", "watches");

    BenchOptions {
        only = Set.copyOf(only);
        serverCommand = List.copyOf(serverCommand);
        for (String part : only) {
            if (!PARTS.contains(part)) {
                throw new IllegalArgumentException("--only: \"" + part + "\" is none of " + String.join(", ", PARTS));
            }
        }
        if (pods < 500 || seconds <= 0 || watchers < 1 || events < 1) {
            throw new IllegalArgumentException("--pods is at least 500; --seconds, --watchers and --events at least 1");
        }
    }

    boolean wants(String part) {
        return only.isEmpty() || only.contains(part);
    }

    /** Where an etcd is, and the files of its TLS. */
    record Etcd(
            String endpoint,
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key) {}
}
