package io.vertikube.e2e.simulation;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Does a plan to a cluster, step by step: whenever nobody has anything left to do, time goes on to the next who waits
 * for it. After each step nothing may have been violated, and in a calm everything must come to be as wanted. All of it
 * happens on the thread that runs it.
 */
public final class Simulation {

    private static final Duration CALM_LOOK = Duration.ofSeconds(5);
    private static final Duration CALM_LASTS_AT_MOST = Duration.ofMinutes(40);
    private static final Instant ORIGIN = Instant.parse("2030-01-01T00:00:00Z");

    /**
     * What to simulate.
     *
     * @param quantum how much time at least goes by at once: who waits for a moment within it is woken at its end
     * @param journal told of every write that the digests are made of
     */
    public record Settings(
            long seed,
            int nodes,
            int steps,
            Duration quantum,
            @Nullable Consumer<String> journal) {

        /** Of a seed, a second at once. */
        public static Settings of(long seed, int nodes, int steps) {
            return new Settings(seed, nodes, steps, Duration.ofSeconds(1), null);
        }
    }

    /**
     * What came of it; the times are of the cluster and of the machine.
     *
     * @param wokenBy see {@link SoleThread#wokenBy}: empty, or the seed may not replay
     */
    public record Figures(
            long seed,
            int steps,
            Duration clusterTime,
            Duration machineTime,
            long writes,
            long watched,
            int evicted,
            int refused,
            String order,
            String content,
            Set<String> wokenBy) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "seed %d: %d steps, %d s of the cluster in %.1f s, %d writes, %d watch events compared,"
                            + " %d evictions granted and %d refused, every invariant held;"
                            + " what each step wrote is %s, all of it in order %s%s",
                    seed,
                    steps,
                    clusterTime.toSeconds(),
                    machineTime.toMillis() / 1e3,
                    writes,
                    watched,
                    evicted,
                    refused,
                    content,
                    order,
                    wokenBy.isEmpty() ? "" : "; it may not replay, since the machine woke somebody: " + wokenBy);
        }
    }

    private final Settings settings;
    private final PrintStream out;
    private final boolean progress;
    private final SoleThread thread;
    private final Cluster cluster;
    private final StepRunner runner;
    private final List<Plan.Timed> plan;
    private int at;

    private Simulation(Settings settings, PrintStream out, boolean progress, SoleThread thread, VirtualTime time) {
        this.settings = settings;
        this.thread = thread;
        this.out = out;
        this.progress = progress;
        List<String> nodes = nodes(settings.nodes);
        this.plan = Plan.of(settings.seed, nodes, settings.steps);
        this.cluster = new Cluster(settings.seed, time, thread::vertx, nodes);
        this.runner = new StepRunner(cluster);
    }

    static List<String> nodes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> String.format(Locale.ROOT, "node-%04d", i))
                .toList();
    }

    /**
     * Runs one to its end.
     *
     * @throws BrokenInvariant with seed, step and the story of the object concerned
     */
    public static Figures run(Settings settings, PrintStream out, boolean progress) throws Exception {
        out.println(
                "simulation: seed " + settings.seed + ", " + settings.nodes + " nodes, " + settings.steps + " steps");
        long began = System.nanoTime();
        var time = new VirtualTime(ORIGIN, settings.seed);
        return SoleThread.run(settings.seed, time.ticker(), thread -> {
            var simulation = new Simulation(settings, out, progress, thread, time);
            try {
                return simulation.run(began);
            } finally {
                simulation.drive(simulation.cluster::close);
            }
        });
    }

    private Figures run(long began) throws Exception {
        Instant start = cluster.time().instant();
        cluster.history().digest(digest -> begin(digest));
        drive(cluster::begin);
        while (!cluster.works()) {
            advance(settings.quantum);
        }
        advance(Duration.ofSeconds(30));
        for (at = 0; at < plan.size(); at++) {
            Plan.Timed next = plan.get(at);
            cluster.history().begin(at);
            if (progress) {
                out.printf(Locale.ROOT, "%s step %d: %s%n", cluster.time().instant(), at, next);
            }
            drive(() -> runner.run(next.step()));
            if (next.step() instanceof Step.Calm) {
                calm();
            }
            advance(next.then());
            thread.rest();
            cluster.history().settled();
            check();
        }
        return new Figures(
                settings.seed,
                plan.size(),
                Duration.between(start, cluster.time().instant()),
                Duration.ofNanos(System.nanoTime() - began),
                cluster.server().store().currentRevision(),
                cluster.invariants().watches().compared(),
                runner.evicted(),
                runner.refused(),
                cluster.history().digest(Digest::sequence),
                cluster.history().digest(Digest::steps),
                thread.wokenBy());
    }

    private void check() {
        List<History.Violation> violations = cluster.history().violations();
        if (!violations.isEmpty()) {
            throw BrokenInvariant.of(settings, at, plan, violations, cluster.history());
        }
    }

    /** Time goes by until everything is as wanted twice in a row; not without end. */
    private void calm() throws InterruptedException {
        Instant latest = cluster.time().instant().plus(CALM_LASTS_AT_MOST);
        int well = 0;
        while (well < 2) {
            advance(CALM_LOOK);
            cluster.history().settled();
            check();
            Map<String, List<Finding>> unmet = cluster.history().unmet();
            well = unmet.isEmpty() ? well + 1 : 0;
            if (well == 0 && cluster.time().instant().isAfter(latest)) {
                unmet.forEach((name, findings) -> findings.stream()
                        .limit(5)
                        .forEach(finding -> cluster.history()
                                .violated(
                                        name,
                                        new Finding(
                                                finding.about(),
                                                "for " + CALM_LASTS_AT_MOST.toMinutes() + " min without any fault: "
                                                        + finding.what()))));
                check();
            }
        }
    }

    /** Lets so much time go by, from one moment at which somebody is due to the next. */
    private void advance(Duration howMuch) throws InterruptedException {
        Instant until = cluster.time().instant().plus(howMuch);
        thread.rest();
        while (cluster.time().instant().isBefore(until)) {
            Instant soonest = cluster.time().instant().plus(settings.quantum);
            Instant next = cluster.time().next().orElse(until);
            Instant to = next.isAfter(soonest) ? next : soonest;
            cluster.time().advanceTo(to.isBefore(until) ? to : until);
            thread.rest();
        }
    }

    /** Something that is done to the cluster. */
    private interface Deed {
        void run() throws Exception;
    }

    /** Does it on a thread of its own, and lets time go by until it is done. */
    private void drive(Deed deed) throws Exception {
        var done = new FutureTask<@Nullable Void>(() -> {
            deed.run();
            return null;
        });
        Thread.ofVirtual().name("driver").start(done);
        thread.rest();
        while (!done.isDone()) {
            advance(settings.quantum);
        }
        done.get();
    }

    private @Nullable Void begin(Digest digest) {
        if (settings.journal != null) {
            digest.journal(settings.journal);
        }
        digest.begin();
        return null;
    }
}
