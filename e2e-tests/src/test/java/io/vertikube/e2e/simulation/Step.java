package io.vertikube.e2e.simulation;

/** Something that is done to the cluster. Immutable. */
sealed interface Step {

    record Create(Workload workload) implements Step {}

    record Change(Workload workload) implements Step {}

    /** @param propagation {@code Background}, {@code Foreground} or {@code Orphan} */
    record Delete(Workload workload, String propagation) implements Step {}

    /** Deletes what an orphaning deletion of the workload left. */
    record Sweep(Workload workload) implements Step {}

    /** A namespace goes, and with it all that is there. */
    record DeleteNamespace(String namespace) implements Step {}

    /** It is there again, empty. */
    record CreateNamespace(String namespace) implements Step {}

    /** Asks for the eviction of some pods of a workload, one after the other. */
    record Evict(Workload workload, int pods) implements Step {}

    /** Cordons a node and asks for the eviction of its pods, once. */
    record Drain(String node) implements Step {}

    record Uncordon(String node) implements Step {}

    /** The machine dies. */
    record Crash(String node) implements Step {}

    /** The machine lives on, unreached. */
    record CutOff(String node) implements Step {}

    /** A machine that died or was cut off is back. */
    record Return(String node) implements Step {}

    /** The Node of a machine that died is deleted. */
    record Forget(String node) implements Step {}

    record RestartServer() implements Step {}

    /** The scheduler that has been there longest dies without a word, or another starts. */
    record KillScheduler() implements Step {}

    record StartScheduler() implements Step {}

    record KillControllers() implements Step {}

    record StartControllers() implements Step {}

    record BreakWatches() implements Step {}

    /** The next requests of anybody fail. */
    record FailRequests(int count) implements Step {}

    /** The next writes of anybody come too late. */
    record Conflicts(int count) implements Step {}

    /** Every fault ends; the cluster gets the time it needs, and then everything must be as wanted. */
    record Calm() implements Step {}
}
