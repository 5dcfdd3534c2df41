package io.vertikube.service;

/** A started component. */
public interface RunningService extends AutoCloseable {

    /** As Kubernetes names it, such as {@code kube-scheduler}. */
    String name();

    /** Stops cleanly: finishes what is in flight, releases leases, and returns when nothing runs any more. */
    @Override
    void close();
}
