package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What simulated containers pretend to use. Annotations of the pod say it and may change while it runs: {@code
 * simulated.vertikube.io/cpu: 250m} and {@code simulated.vertikube.io/memory: 64Mi} for each container, or {@code
 * simulated.vertikube.io/cpu.<container>} for one. Without them it is a little. Safe for any thread.
 */
final class SimulatedUsage {

    private static final String PREFIX = "simulated.vertikube.io/";
    private static final String IDLE_CPU = "1m";
    private static final String IDLE_MEMORY = "12Mi";

    /** The counter of a container when it was last read. */
    private record Counter(Instant at, long nanos) {}

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private volatile Function<String, Map<String, String>> annotations = uid -> Map.of();

    /** @param byPodUid the annotations of pods */
    void annotations(Function<String, Map<String, String>> byPodUid) {
        annotations = byPodUid;
    }

    /** What a container has used until now; between two calls it uses what the annotations say at the second. */
    ContainerUsage of(SimulatedContainer container, Instant startedAt, Instant now) {
        Map<String, String> labels = container.config().labels();
        Map<String, String> said = annotations.apply(labels.getOrDefault(Labels.POD_UID, ""));
        String name = container.config().name();
        BigDecimal cores = said(said, "cpu", name, IDLE_CPU);
        Counter counter = counters.compute(container.id(), (id, before) -> {
            Counter from = before == null ? new Counter(startedAt, 0) : before;
            long nanos = Math.max(0, Duration.between(from.at(), now).toNanos());
            return new Counter(
                    now,
                    from.nanos() + cores.multiply(BigDecimal.valueOf(nanos)).longValue());
        });
        long memory = Quantities.value(said(said, "memory", name, IDLE_MEMORY));
        return new ContainerUsage(container.id(), name, labels, now, counter.nanos(), memory, 0, 0);
    }

    /** Forgets containers that are there no more. */
    void keep(Set<String> containerIds) {
        counters.keySet().retainAll(containerIds);
    }

    private static BigDecimal said(Map<String, String> said, String resource, String container, String otherwise) {
        String text =
                said.getOrDefault(PREFIX + resource + "." + container, said.getOrDefault(PREFIX + resource, otherwise));
        return Quantities.parse(Quantities.isQuantity(text) ? text : otherwise).max(BigDecimal.ZERO);
    }
}
