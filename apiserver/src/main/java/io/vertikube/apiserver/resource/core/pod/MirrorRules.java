package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;

/**
 * What the annotation means by which a node's agent shows a pod that it runs from a file ("Create static Pods" in the
 * Kubernetes documentation): such a pod is on a node from the start, stays a mirror, and nobody else becomes one. Pure.
 */
public final class MirrorRules {

    public static final String ANNOTATION = "kubernetes.io/config.mirror";

    private MirrorRules() {}

    public static boolean isMirror(ObjectNode pod) {
        return mark(pod).present();
    }

    static void validate(ObjectNode pod, Problems problems) {
        Place mark = mark(pod);
        if (mark.present() && Place.root(pod).get("spec").text("nodeName").isEmpty()) {
            problems.invalid(mark, "must set spec.nodeName if mirror pod annotation is set");
        }
    }

    static void validateUpdate(ObjectNode pod, ObjectNode old, Problems problems) {
        Place now = mark(pod);
        Place before = mark(old);
        if (before.present() && !now.node().equals(before.node())) {
            problems.forbidden(now, "may not remove or update mirror pod annotation");
        } else if (now.present() && !before.present()) {
            problems.forbidden(now, "may not add mirror pod annotation");
        }
    }

    private static Place mark(ObjectNode pod) {
        return Place.root(pod).get("metadata", "annotations").key(ANNOTATION);
    }
}
