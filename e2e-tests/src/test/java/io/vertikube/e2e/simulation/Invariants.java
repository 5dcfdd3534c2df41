package io.vertikube.e2e.simulation;

import java.util.List;

/** The table of what must hold. What nodes and watchers see of a cluster is reported to two of them directly. */
record Invariants(OneIdentity identities, WatchesAreComplete watches, BudgetsKept budgets) {

    static Invariants create() {
        return new Invariants(new OneIdentity(), new WatchesAreComplete(), new BudgetsKept());
    }

    List<Invariant> all() {
        return List.of(
                new OneNodeForEver(),
                new WithinNodes(),
                new EndsAreFinal(),
                new JobsAreCounted(),
                new ReplicasConverge(),
                new NothingOutlivesItsOwner(),
                new NamespacesTakeAllWithThem(),
                new VolumesAreKept(),
                new OneLeader(),
                budgets,
                identities,
                watches);
    }
}
