package io.vertikube.kubelet.cgroup;

/**
 * How pods' cgroups are made. Immutable.
 *
 * @param podPidsLimit most processes of a pod, 0 or less for no limit
 * @param memoryQos whether a pod's memory requests are kept for it ({@code memory.min}, cgroup v2)
 */
public record CgroupOptions(Driver driver, long podPidsLimit, boolean memoryQos) {

    public static final CgroupOptions DEFAULT = new CgroupOptions(Driver.CGROUPFS, -1, false);

    /** Who makes cgroups. */
    public enum Driver {
        /** The kubelet, as folders. */
        CGROUPFS,
        /** systemd, as slices. */
        SYSTEMD;

        public static Driver parse(String name) {
            return switch (name) {
                case "cgroupfs" -> CGROUPFS;
                case "systemd" -> SYSTEMD;
                default ->
                    throw new IllegalArgumentException(
                            "--cgroup-driver: \"" + name + "\" is neither cgroupfs nor systemd");
            };
        }
    }
}
