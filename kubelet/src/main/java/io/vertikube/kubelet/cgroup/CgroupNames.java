package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.runtime.CgroupDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a pod's cgroup is, as a path below the mount: folders of the kubelet, or slices of systemd, whose names hold those of
 * all slices above them and have no dash of their own. Immutable.
 */
record CgroupNames(String root, CgroupDriver driver) {

    static final List<String> CLASSES = List.of("Guaranteed", "Burstable", "BestEffort");

    private static final String SLICE = ".slice";

    /** The cgroup of a pod, without a slash before it. */
    String pod(String uid, String qosClass) {
        List<String> parts = parts(qosClass);
        parts.add("pod" + uid);
        return path(parts);
    }

    /** The cgroup above the pods of a class. */
    String above(String qosClass) {
        return path(parts(qosClass));
    }

    /** What the folders of pods of a class begin with. */
    String podPrefix(String qosClass) {
        List<String> parts = parts(qosClass);
        parts.add("pod");
        return driver == CgroupDriver.SYSTEMD ? String.join("-", escaped(parts)) : "pod";
    }

    /** The uid in the name of a pod's folder. */
    String uid(String folder, String qosClass) {
        String rest = folder.substring(podPrefix(qosClass).length());
        return driver == CgroupDriver.SYSTEMD
                ? rest.substring(0, rest.length() - SLICE.length()).replace('_', '-')
                : rest;
    }

    private List<String> parts(String qosClass) {
        var parts = new ArrayList<String>();
        for (String part : root.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        parts.add("kubepods");
        if (!qosClass.equals("Guaranteed")) {
            parts.add(qosClass.toLowerCase(Locale.ROOT));
        }
        return parts;
    }

    private String path(List<String> parts) {
        if (driver == CgroupDriver.CGROUPFS) {
            return String.join("/", parts);
        }
        List<String> escaped = escaped(parts);
        var slices = new ArrayList<String>();
        for (int i = 1; i <= escaped.size(); i++) {
            slices.add(String.join("-", escaped.subList(0, i)) + SLICE);
        }
        return String.join("/", slices);
    }

    private static List<String> escaped(List<String> parts) {
        return parts.stream().map(part -> part.replace('-', '_')).toList();
    }
}
