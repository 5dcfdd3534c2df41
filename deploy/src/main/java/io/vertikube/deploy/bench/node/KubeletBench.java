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
import java.util.TreeMap;
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

    /** As much of a core as a cluster takes in which nothing happens, and a little. */
    private static final double QUIET_CORES = 0.15;

    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
            running.addAll(took.running());
            ready.addAll(took.ready());
        }
        line("one pod, raw: sandbox, create, start", rawTimes);
        line("one pod, created to Running", running);
        line("one pod, created to Ready", ready);
        double added = millis(percentile(ready, 50)) - millis(percentile(rawTimes, 50));
        say("added to the raw time at p50: %.0f ms (goal 100)", added);
    }

    private void bursts() throws InterruptedException {
        Map<Integer, List<Double>> raws = new TreeMap<>();
        List<Double> rates = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            for (int atOnce : AT_ONCE) {
                double rate = paid(
                        "raw, " + atOnce + " at once",
                        rawCost,
                        () -> options.pods() / seconds(raw.burst(options.pods(), atOnce)));
                raws.computeIfAbsent(atOnce, each -> new ArrayList<>()).add(rate);
                raw.remove(atOnce);
            }
            List<Duration> ready = new ArrayList<>();
            rates.add(paid("through the cluster", clusterCost, () -> {
                ClusterPods.Took took = cluster.burst(options.pods());
                ready.addAll(took.ready());
                return options.pods() / seconds(took.whole());
            }));
            line("  of these, created to Ready", ready);
            if (round == options.rounds()) {
                idle();
            }
            say("  deleted in %.1f s", seconds(cluster.delete()));
        }
        double limit =
                raws.values().stream().mapToDouble(KubeletBench::median).max().orElseThrow();
        raws.forEach((atOnce, each) -> say("median raw rate, %d at once: %.2f pods/s", atOnce, median(each)));
        say(
                "median rate of the cluster: %.2f pods/s, %.0f %% of the better raw one (goal 90)",
                median(rates), 100 * median(rates) / limit);
        say(
                "median CPU a pod: raw %.0f ms, cluster %.0f ms, of which the raw one is %.0f %%",
                median(rawCost), median(clusterCost), 100 * median(rawCost) / median(clusterCost));
    }

    /**
     * Runs a burst when the machine has cleaned up after what was before, and says its rate and who paid for it; what the
     * rest of the machine does is nobody's cost here.
     */
    private double paid(String name, List<Double> costs, Burst burst) throws InterruptedException {
        try {
            say("%d pods %s:", options.pods(), name);
            awaitQuiet();
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

    /** A runtime that was asked to remove pods answers before their namespaces and cgroups are gone. */
    private void awaitQuiet() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        double busy;
        do {
            if (System.nanoTime() > deadline) {
                say("  the machine does not get quiet; what follows is measured beside other work");
                return;
            }
            long before = Processes.machineMicros();
            Thread.sleep(GLANCE);
            busy = (Processes.machineMicros() - before) / (GLANCE.toNanos() / 1e3);
        } while (busy > QUIET_CORES);
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

    /** Between the middle two of an even number. */
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
