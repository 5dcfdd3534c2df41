package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.images.ImageAccess;
import io.vertikube.kubelet.users.SubordinateIds;
import java.time.Duration;

/**
 * How a node starts pods' containers. Immutable.
 *
 * @param seccompDefault whether who chooses no seccomp profile has the runtime's, instead of none
 * @param pulls how many images are pulled
 * @param images who may have images that are there
 * @param longestBackoff how long a container that keeps ending waits at most
 * @param idsPerPod how many users a pod has that has its own
 * @param selinux whether files of the machine have SELinux labels, so that pods' have to be given theirs
 */
public record PodPolicies(
        boolean seccompDefault,
        PullLimits pulls,
        ImageAccess images,
        Duration longestBackoff,
        long idsPerPod,
        boolean selinux) {

    /** What a node does unless told otherwise. */
    public static final PodPolicies DEFAULT = new PodPolicies(
            false, PullLimits.DEFAULT, ImageAccess.DEFAULT, RestartBackoff.LONGEST, SubordinateIds.UNIT, false);

    public PodPolicies {
        if (longestBackoff.compareTo(Duration.ofSeconds(1)) < 0
                || longestBackoff.compareTo(RestartBackoff.LONGEST) > 0) {
            throw new IllegalArgumentException("--max-container-restart-period (got: " + longestBackoff.toSeconds()
                    + " seconds) must be set between 1s and 300s");
        }
        if (idsPerPod < SubordinateIds.UNIT || idsPerPod % SubordinateIds.UNIT != 0) {
            throw new IllegalArgumentException("--user-namespaces-ids-per-pod: " + idsPerPod + " must be a multiple of "
                    + SubordinateIds.UNIT + ", and not less");
        }
    }
}
