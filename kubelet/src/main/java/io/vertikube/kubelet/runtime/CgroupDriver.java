package io.vertikube.kubelet.runtime;

/** Who makes cgroups; kubelet and runtime have to agree. */
public enum CgroupDriver {
    /** The kubelet and the runtime, as folders. */
    CGROUPFS,
    /** systemd, as slices. */
    SYSTEMD;

    public static CgroupDriver parse(String name) {
        return switch (name) {
            case "cgroupfs" -> CGROUPFS;
            case "systemd" -> SYSTEMD;
            default ->
                throw new IllegalArgumentException("--cgroup-driver: \"" + name + "\" is neither cgroupfs nor systemd");
        };
    }
}
