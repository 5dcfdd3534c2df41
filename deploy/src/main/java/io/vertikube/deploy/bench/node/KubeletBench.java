package io.vertikube.deploy.bench.node;

import io.vertikube.deploy.bench.load.Processes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    private static final List<Integer> AT_ONCE = List.of(8, 16);
    private static final int WARM_UP = 5;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Options options;
    private final RawPods raw;
    private final ClusterPods cluster;
    private final PrintStream out;

    KubeletBench(Options options, RawPods raw, ClusterPods cluster, PrintStream out) {
        this.options = options;
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
                double rate = options.pods() / seconds(raw.burst(options.pods(), atOnce));
                say("%d pods, raw, %d at once: %.2f pods/s", options.pods(), atOnce, rate);
                limit = Math.max(limit, rate);
            }
            List<Duration> ready = cluster.burst(options.pods()).stream()
                    .map(ClusterPods.Took::ready)
                    .toList();
            double rate = options.pods() / seconds(percentile(ready, 100));
            rates.add(rate);
            say("%d pods through the cluster: %.2f pods/s", options.pods(), rate);
            line("  of these, created to Ready", ready);
            if (round == options.rounds()) {
                idle();
            }
            say("deleted in %.1f s", seconds(cluster.delete()));
        }
        double best = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        say("best of the cluster to best raw rate: %.0f %% (goal 90)", 100 * best / limit);
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
