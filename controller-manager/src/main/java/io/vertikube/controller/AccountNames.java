package io.vertikube.controller;

import java.util.Map;

/**
 * The service accounts of controllers, to which the API server binds the roles {@code system:controller:<account>}; most have
 * the controller's own name.
 */
final class AccountNames {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("serviceaccount-controller", "service-account-controller"),
            Map.entry("root-ca-certificate-publisher-controller", "root-ca-cert-publisher"),
            Map.entry("node-ipam-controller", "node-controller"),
            Map.entry("node-lifecycle-controller", "node-controller"),
            Map.entry("taint-eviction-controller", "node-controller"),
            Map.entry("endpoints-controller", "endpoint-controller"),
            Map.entry("endpointslice-mirroring-controller", "endpointslicemirroring-controller"),
            Map.entry("service-lb-controller", "service-controller"),
            Map.entry("replicationcontroller-controller", "replication-controller"),
            Map.entry("daemonset-controller", "daemon-set-controller"),
            Map.entry("horizontal-pod-autoscaler-controller", "horizontal-pod-autoscaler"),
            Map.entry("persistentvolume-binder-controller", "persistent-volume-binder"),
            Map.entry("persistentvolume-attach-detach-controller", "attachdetach-controller"),
            Map.entry("local-path-provisioner-controller", "local-path-provisioner"),
            Map.entry("persistentvolumeclaim-protection-controller", "pvc-protection-controller"),
            Map.entry("persistentvolume-protection-controller", "pv-protection-controller"),
            Map.entry("certificatesigningrequest-approving-controller", "certificate-controller"),
            Map.entry("certificatesigningrequest-signing-controller", "certificate-controller"),
            Map.entry("certificatesigningrequest-cleaner-controller", "certificate-controller"),
            Map.entry("bootstrap-signer-controller", "bootstrap-signer"),
            Map.entry("token-cleaner-controller", "token-cleaner"),
            Map.entry("service-cidr-controller", "service-cidrs-controller"),
            Map.entry("garbage-collector-controller", "generic-garbage-collector"),
            Map.entry("pod-garbage-collector-controller", "pod-garbage-collector"));

    private AccountNames() {}

    static String of(Controllers row) {
        return OTHERS.getOrDefault(row.name(), row.name());
    }
}
