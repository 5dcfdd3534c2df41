package io.vertikube.control;

/** Whether to elect a leader, and by which Lease and identity. Immutable. */
public record Leadership(boolean elect, String namespace, String name, String identity, LeaderElector.Timings timings) {

    /** Where the Leases of the cluster's own services are. */
    public static final String NAMESPACE = "kube-system";

    /** Leads at once, without asking for a Lease. */
    public static Leadership alone(String name, String identity) {
        return new Leadership(false, NAMESPACE, name, identity, LeaderElector.Timings.defaults());
    }
}
