package io.vertikube.deploy.bench.node;

import io.vertikube.deploy.bench.load.Processes;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One measurement after the other, raw and through the cluster by turns, so that what else the machine does meets both.
 * Confined to one thread.
 */
final class KubeletBench {

    /**
     * How much.
     *
     * @param pods of a burst, and those that the node is idle with
     * @param singles pods one by one
     * @param rounds bursts of each kind
     */
    record Options(int pods, int singles, int rounds, Duration idle, long kubeletPid) {}

    /** One burst. */
    private interface Burst {
        double rate() throws InterruptedException;
    }

    private static final List<Integer> AT_ONCE = List.of(8, 16);
    private static final int WARM_UP = 5;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Options options;
    private final RawPods raw;
    private final ClusterPods cluster;
    private final CpuLedger ledger;
    private final PrintStream out;
    private final List<Double> rawCost = new ArrayList<>();
    private final List<Double> clusterCost = new ArrayList<>();

    KubeletBench(Options options, RawPods raw, ClusterPods cluster, CpuLedger ledger, PrintStream out) {
        this.options = options;
        this.ledger = ledger;
        this.raw = raw;
        this.cluster = cluster;
        this.out = out;
    }

    void run() throws InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            raw.single();
            cluster.single();
        }
        singles();
        bursts();
    }

    private void singles() throws InterruptedException {
        List<Duration> rawTimes = new ArrayList<>();
        List<Duration> running = new ArrayList<>();
        List<Duration> ready = new ArrayList<>();
        for (int i = 0; i < options.singles(); i++) {
            rawTimes.add(raw.single());
            ClusterPods.Took took = cluster.single();
            running.add(took.running());
            ready.add(took.ready());
        }
        line("one pod, raw: sandbox, create, start", rawTimes);
        line("one pod, created to Running", running);
        line("one pod, created to Ready", ready);
        double added = millis(percentile(ready, 50)) - millis(percentile(rawTimes, 50));
        say("added to the raw time at p50: %.0f ms (goal 100)", added);
    }

    private void bursts() throws InterruptedException {
        double limit = 0;
        List<Double> rates = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            for (int atOnce : AT_ONCE) {
                say("%d pods, raw, %d at once:", options.pods(), atOnce);
                limit = Math.max(
                        limit, paid(rawCost, () -> options.pods() / seconds(raw.burst(options.pods(), atOnce))));
                raw.remove(atOnce);
            }
            say("%d pods through the cluster:", options.pods());
            List<Duration> ready = new ArrayList<>();
            rates.add(paid(clusterCost, () -> {
                cluster.burst(options.pods()).forEach(took -> ready.add(took.ready()));
                return options.pods() / seconds(percentile(ready, 100));
            }));
            line("  of these, created to Ready", ready);
            if (round == options.rounds()) {
                idle();
            }
            say("deleted in %.1f s", seconds(cluster.delete()));
        }
        double best = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        say("best of the cluster to best raw rate: %.0f %% (goal 90)", 100 * best / limit);
        double least = rawCost.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double whole =
                clusterCost.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        say(
                "CPU a pod, least of each: raw %.0f ms, cluster %.0f ms, of which the raw one is %.0f %%",
                least, whole, 100 * least / whole);
    }

    /** Runs a burst and says its rate and who paid for it; what the rest of the machine does is nobody's cost here. */
    private double paid(List<Double> costs, Burst burst) throws InterruptedException {
        try {
            CpuLedger.Page before = ledger.now();
            double rate = burst.rate();
            Map<String, Double> spent = ledger.now().since(before);
            say("  %.2f pods/s; CPU a pod in ms: %s", rate, perPod(spent));
            costs.add(spent.entrySet().stream()
                            .filter(each -> !each.getKey().equals(CpuLedger.REST))
                            .mapToDouble(Map.Entry::getValue)
                            .sum()
                    / options.pods());
            return rate;
        } catch (IOException e) {
            throw new UncheckedIOException("CPU times cannot be read: " + e.getMessage(), e);
        }
    }

    private String perPod(Map<String, Double> spent) {
        return spent.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(each -> String.format(Locale.ROOT, "%s %.1f", each.getKey(), each.getValue() / options.pods()))
                .collect(Collectors.joining(", "));
    }

    private void idle() throws InterruptedException {
        Thread.sleep(SETTLE);
        long pid = options.kubeletPid();
        long before = Processes.cpuMicros(pid).orElseThrow();
        long began = System.nanoTime();
        Thread.sleep(options.idle());
        double spent = Processes.cpuMicros(pid).orElseThrow() - before;
        double share = 100 * spent * 1000 / (System.nanoTime() - began);
        say("kubelet with %d pods, idle: %.2f %% of a core (goal below 2)", options.pods(), share);
        say(
                "kubelet with %d pods: %d MB resident (goal 120)",
                options.pods(), Processes.residentMegabytes(pid).orElseThrow());
    }

    private void line(String name, List<Duration> times) {
        say(
                "%-40s p50 %4.0f ms  p99 %4.0f ms  (%d)",
                name, millis(percentile(times, 50)), millis(percentile(times, 99)), times.size());
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    /** The smallest that at least so many are not above. */
    static Duration percentile(List<Duration> times, int percent) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
