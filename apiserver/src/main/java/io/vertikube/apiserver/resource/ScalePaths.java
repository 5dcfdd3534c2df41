package io.vertikube.apiserver.resource;

import java.util.List;

/**
 * Where a kind keeps what its {@code scale} subresource shows, as paths of field names. Immutable.
 *
 * @param selector a label selector, a map of labels, or the text of a selector; empty if the kind has none
 * @param mustBeThere whether a kind without the number of wanted replicas has no scale to show
 */
public record ScalePaths(
        List<String> specReplicas, List<String> statusReplicas, List<String> selector, boolean mustBeThere) {

    /** As workloads have it. */
    public static final ScalePaths WORKLOAD = new ScalePaths(
            List.of("spec", "replicas"), List.of("status", "replicas"), List.of("spec", "selector"), false);

    public ScalePaths {
        specReplicas = List.copyOf(specReplicas);
        statusReplicas = List.copyOf(statusReplicas);
        selector = List.copyOf(selector);
    }
}
