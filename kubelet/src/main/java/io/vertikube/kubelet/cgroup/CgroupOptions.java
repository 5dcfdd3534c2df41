package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.runtime.CgroupDriver;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How pods' cgroups are made. Immutable.
 *
 * @param driver who makes them where the runtime does not say
 * @param podPidsLimit most processes of a pod, 0 or less for no limit
 * @param memoryQos whether a pod's memory requests are kept for it ({@code memory.min}, cgroup v2)
 * @param enforcement whose cgroups are limited to what is theirs
 * @param limits what containers' limits become
 * @param failOnV1 whether version 1 is refused, though it would do
 */
public record CgroupOptions(
        CgroupDriver driver,
        long podPidsLimit,
        boolean memoryQos,
        Enforcement enforcement,
        LimitOptions limits,
        boolean failOnV1) {

    public static final CgroupOptions DEFAULT = new CgroupOptions(
            CgroupDriver.CGROUPFS,
            -1,
            false,
            new Enforcement(Set.of(Enforced.PODS), Optional.empty(), Optional.empty()),
            LimitOptions.DEFAULT,
            false);

    /** What limits a cgroup above single pods ("Reserve Compute Resources for System Daemons" in the documentation). */
    public enum Enforced {
        /** All pods together have what is not reserved. */
        PODS,
        /** The system's own services have what is reserved for them. */
        SYSTEM_RESERVED,
        /** Kubelet and runtime have what is reserved for them. */
        KUBE_RESERVED;

        /** As {@code enforceNodeAllocatable} names them. */
        public static Set<Enforced> parse(List<String> names) {
            Set<Enforced> result = EnumSet.noneOf(Enforced.class);
            for (String name : names) {
                switch (name) {
                    case "pods" -> result.add(PODS);
                    case "system-reserved" -> result.add(SYSTEM_RESERVED);
                    case "kube-reserved" -> result.add(KUBE_RESERVED);
                    case "none", "" -> {}
                    default ->
                        throw new IllegalArgumentException("--enforce-node-allocatable: \"" + name
                                + "\" is none of pods, system-reserved, kube-reserved, none");
                }
            }
            return result;
        }
    }

    /**
     * Whose cgroups are limited. Immutable.
     *
     * @param system cgroup of the system's own services
     * @param kube cgroup of kubelet and runtime
     */
    public record Enforcement(Set<Enforced> what, Optional<String> system, Optional<String> kube) {

        public Enforcement {
            what = Set.copyOf(what);
            demand(what.contains(Enforced.SYSTEM_RESERVED), system, "system-reserved");
            demand(what.contains(Enforced.KUBE_RESERVED), kube, "kube-reserved");
        }

        private static void demand(boolean wanted, Optional<String> cgroup, String name) {
            if (wanted && cgroup.isEmpty()) {
                throw new IllegalArgumentException(
                        "--enforce-node-allocatable: " + name + " needs --" + name + "-cgroup");
            }
        }
    }
}
