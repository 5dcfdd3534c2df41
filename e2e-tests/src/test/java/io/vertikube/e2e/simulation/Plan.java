package io.vertikube.e2e.simulation;

import io.vertikube.e2e.simulation.Workload.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is done to the cluster and how much time goes by after it, made of a seed alone. A plan never asks for more than
 * half of what the nodes have, and never takes more than a third of them away at a time, so that all of it can come
 * true. Immutable once made.
 */
final class Plan {

    static final List<String> NAMESPACES = List.of("one", "two", "three");
    private static final int STEPS_BETWEEN_CALMS = 15;

    /** How many schedulers and controller managers there are when all is well. */
    static final int STANDING_BY = 2;

    private static final int CPU_OF_NODE = 4000;

    /** A step, and what goes by before the next. */
    record Timed(Step step, Duration then) {

        @Override
        public String toString() {
            return step + ", then " + then.toSeconds() + " s";
        }
    }

    private final SplittableRandom random;
    private final List<String> nodes;
    private final List<Timed> steps = new ArrayList<>();
    private final Map<String, Workload> workloads = new LinkedHashMap<>();
    private final TreeSet<String> crashed = new TreeSet<>();
    private final TreeSet<String> cutOff = new TreeSet<>();
    private final TreeSet<String> cordoned = new TreeSet<>();
    private final Map<String, Workload> orphaned = new LinkedHashMap<>();
    private final TreeSet<String> gone = new TreeSet<>();
    private int schedulers = STANDING_BY;
    private int controllers = STANDING_BY;
    private int names;

    private Plan(long seed, List<String> nodes) {
        this.random = new SplittableRandom(seed);
        this.nodes = List.copyOf(nodes);
    }

    /** The steps of a seed: as many as asked for, with calms in between and at the end, where everything is deleted. */
    static List<Timed> of(long seed, List<String> nodes, int count) {
        var plan = new Plan(seed, nodes);
        for (int i = 0; i < count; i++) {
            if (i % STEPS_BETWEEN_CALMS == STEPS_BETWEEN_CALMS - 1) {
                plan.calm();
            } else {
                plan.next();
            }
        }
        plan.calm();
        for (Workload workload : List.copyOf(plan.workloads.values())) {
            plan.add(new Step.Delete(workload, "Background"), Duration.ofSeconds(1));
        }
        plan.workloads.clear();
        plan.sweep();
        plan.calm();
        return List.copyOf(plan.steps);
    }

    private void next() {
        int dice = random.nextInt(100);
        if (dice < 24 || workloads.size() < 3) {
            create();
        } else if (dice < 40) {
            change();
        } else if (dice < 48) {
            Workload gone = anyOf(List.copyOf(workloads.values()));
            workloads.remove(gone.name());
            delete(gone);
        } else if (dice < 50) {
            namespaceGoes();
        } else if (dice < 60) {
            add(new Step.Evict(anyOf(List.copyOf(workloads.values())), 1 + random.nextInt(4)));
        } else if (dice < 80) {
            nodeFault();
        } else if (dice < 92) {
            serviceFault();
        } else {
            add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Step.BreakWatches();
                        case 1 -> new Step.FailRequests(1 + random.nextInt(20));
                        default -> new Step.Conflicts(1 + random.nextInt(20));
                    });
        }
    }

    private void delete(Workload workload) {
        switch (random.nextInt(6)) {
            case 0 -> {
                orphaned.put(workload.name(), workload);
                add(new Step.Delete(workload, "Orphan"));
            }
            case 1 -> add(new Step.Delete(workload, "Foreground"));
            default -> add(new Step.Delete(workload, "Background"));
        }
    }

    private void sweep() {
        orphaned.values().forEach(workload -> add(new Step.Sweep(workload)));
        orphaned.clear();
    }

    /** Never all of them at once. */
    private void namespaceGoes() {
        if (gone.size() == NAMESPACES.size() - 1) {
            return;
        }
        String namespace = anyOf(namespaces());
        gone.add(namespace);
        workloads.values().removeIf(workload -> workload.namespace().equals(namespace));
        orphaned.values().removeIf(workload -> workload.namespace().equals(namespace));
        add(new Step.DeleteNamespace(namespace));
    }

    private List<String> namespaces() {
        return NAMESPACES.stream().filter(name -> !gone.contains(name)).toList();
    }

    private void create() {
        var kinds = List.of(Kind.DEPLOYMENT, Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.JOB, Kind.DAEMON_SET);
        Kind kind = anyOf(kinds);
        boolean oneDaemonSet = workloads.values().stream().anyMatch(w -> w.kind() == Kind.DAEMON_SET);
        if (kind == Kind.DAEMON_SET && oneDaemonSet) {
            kind = Kind.DEPLOYMENT;
        }
        int most = Math.max(3, nodes.size() / 2);
        int replicas = 1 + random.nextInt(most);
        int cpu = kind == Kind.DAEMON_SET ? 50 : 50 + random.nextInt(16) * 50;
        int room = nodes.size() * CPU_OF_NODE / 2 - asked();
        replicas = Math.max(1, Math.min(replicas, room / cpu));
        boolean guarded = kind == Kind.DEPLOYMENT || kind == Kind.STATEFUL_SET;
        int budget = guarded && random.nextBoolean() ? Math.max(1, replicas - 1 - random.nextInt(2)) : 0;
        if (replicas * cpu > room) {
            change();
            return;
        }
        String name = kind.plural().substring(0, 3) + "-" + ++names;
        var workload = new Workload(
                kind,
                anyOf(namespaces()),
                name,
                replicas,
                cpu,
                random.nextInt(8),
                budget,
                kind == Kind.STATEFUL_SET && random.nextBoolean());
        workloads.put(name, workload);
        add(new Step.Create(workload));
    }

    private void change() {
        Workload before = anyOf(List.copyOf(workloads.values()));
        if (before.kind() == Kind.JOB) {
            workloads.remove(before.name());
            add(new Step.Delete(before, "Background"));
            return;
        }
        int room = nodes.size() * CPU_OF_NODE / 2 - asked();
        int wanted = random.nextInt(before.replicas() * 2 + 2);
        Workload after = random.nextBoolean() || before.kind() == Kind.DAEMON_SET
                ? before.rolled()
                : before.scaled(Math.min(wanted, before.replicas() + Math.max(0, room / before.cpuMillis())));
        workloads.put(after.name(), after);
        add(new Step.Change(after));
    }

    private void nodeFault() {
        boolean mayFail = crashed.size() + cutOff.size() + cordoned.size() < nodes.size() / 3;
        int dice = random.nextInt(mayFail ? 6 : 3);
        if (dice < 3 && crashed.size() + cutOff.size() + cordoned.size() > 0) {
            heal();
            return;
        }
        List<String> well = nodes.stream()
                .filter(n -> !crashed.contains(n) && !cutOff.contains(n) && !cordoned.contains(n))
                .toList();
        String node = anyOf(well);
        switch (random.nextInt(3)) {
            case 0 -> {
                crashed.add(node);
                add(new Step.Crash(node), silence());
                if (random.nextInt(3) == 0) {
                    add(new Step.Forget(node), silence());
                }
            }
            case 1 -> {
                cutOff.add(node);
                add(new Step.CutOff(node), silence());
            }
            default -> {
                cordoned.add(node);
                add(new Step.Drain(node));
            }
        }
    }

    private void heal() {
        if (!crashed.isEmpty()) {
            add(new Step.Return(crashed.pollFirst()));
        } else if (!cutOff.isEmpty()) {
            add(new Step.Return(cutOff.pollFirst()));
        } else if (!cordoned.isEmpty()) {
            add(new Step.Uncordon(cordoned.pollFirst()));
        }
    }

    private void serviceFault() {
        switch (random.nextInt(4)) {
            case 0 -> add(new Step.RestartServer());
            case 1, 2 -> {
                boolean dies = isToDie(controllers);
                controllers += dies ? -1 : 1;
                add(dies ? new Step.KillControllers() : new Step.StartControllers());
            }
            default -> {
                boolean dies = isToDie(schedulers);
                schedulers += dies ? -1 : 1;
                add(dies ? new Step.KillScheduler() : new Step.StartScheduler());
            }
        }
    }

    private boolean isToDie(int running) {
        return running == STANDING_BY || running > 0 && random.nextBoolean();
    }

    private void calm() {
        sweep();
        crashed.clear();
        cutOff.clear();
        cordoned.clear();
        schedulers = STANDING_BY;
        controllers = STANDING_BY;
        add(new Step.Calm(), Duration.ofSeconds(1));
        gone.forEach(namespace -> add(new Step.CreateNamespace(namespace)));
        gone.clear();
    }

    private int asked() {
        return Stream.concat(workloads.values().stream(), orphaned.values().stream())
                .mapToInt(
                        w -> w.kind() == Kind.DAEMON_SET ? w.cpuMillis() * nodes.size() : w.cpuMillis() * w.replicas())
                .sum();
    }

    private void add(Step step) {
        add(step, Duration.ofSeconds(random.nextInt(4) == 0 ? random.nextInt(60) : random.nextInt(8)));
    }

    private void add(Step step, Duration then) {
        steps.add(new Timed(step, then));
    }

    /** Short enough for nobody to notice, or long enough for all pods to be given up. */
    private Duration silence() {
        return Duration.ofSeconds(random.nextBoolean() ? random.nextInt(60) : 60 + random.nextInt(340));
    }

    private <T> T anyOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
