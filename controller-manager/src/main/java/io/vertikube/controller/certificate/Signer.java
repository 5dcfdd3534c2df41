package io.vertikube.controller.certificate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/** A signer that every cluster has, and what it gives certificates for ("Kubernetes signers" in the documentation). Pure. */
enum Signer {
    CLIENT("kubernetes.io/kube-apiserver-client"),
    KUBELET_CLIENT("kubernetes.io/kube-apiserver-client-kubelet"),
    KUBELET_SERVING("kubernetes.io/kubelet-serving"),
    LEGACY("kubernetes.io/legacy-unknown");

    private static final String NODES = "system:nodes";
    private static final String NODE = "system:node:";
    private static final Set<String> CLIENT_USAGES = Set.of("digital signature", "key encipherment", "client auth");
    private static final Set<String> SERVING_USAGES = Set.of("digital signature", "key encipherment", "server auth");

    private final String signerName;

    Signer(String signerName) {
        this.signerName = signerName;
    }

    /** Ours by this name; empty for a signer that somebody else runs. */
    static Optional<Signer> named(String name) {
        return Stream.of(values())
                .filter(signer -> signer.signerName.equals(name))
                .findFirst();
    }

    /** Why it does not sign this, if it does not. */
    Optional<String> problem(RequestedCertificate requested, List<String> usages) {
        return switch (this) {
            case LEGACY -> Optional.empty();
            case CLIENT ->
                usages.contains("client auth") && CLIENT_USAGES.containsAll(usages)
                        ? Optional.empty()
                        : Optional.of("usages did not match [client auth digital signature key encipherment]");
            case KUBELET_CLIENT -> node(requested).or(() -> kubeletClient(requested, usages));
            case KUBELET_SERVING -> node(requested).or(() -> kubeletServing(requested, usages));
        };
    }

    private static Optional<String> node(RequestedCertificate requested) {
        if (!requested.organizations().equals(List.of(NODES))) {
            return Optional.of("subject organization is not system:nodes");
        }
        return requested.commonName().startsWith(NODE)
                ? Optional.empty()
                : Optional.of("subject common name does not begin with system:node:");
    }

    private static Optional<String> kubeletClient(RequestedCertificate requested, List<String> usages) {
        if (!requested.alternatives().isEmpty()) {
            return Optional.of("subject alternative names are not allowed");
        }
        return usages(usages, CLIENT_USAGES, "client auth");
    }

    private static Optional<String> kubeletServing(RequestedCertificate requested, List<String> usages) {
        if (!requested.hasAlternative(GeneralName.dNSName) && !requested.hasAlternative(GeneralName.iPAddress)) {
            return Optional.of("DNS or IP subjectAltName is required");
        }
        boolean others = requested.alternatives().stream()
                .anyMatch(name -> name.getTagNo() != GeneralName.dNSName && name.getTagNo() != GeneralName.iPAddress);
        if (others) {
            return Optional.of("email and URI subjectAltNames are not allowed");
        }
        return usages(usages, SERVING_USAGES, "server auth");
    }

    /** All of them, where key encipherment may be left out: not every key can do it. */
    private static Optional<String> usages(List<String> usages, Set<String> allowed, String purpose) {
        boolean fine = allowed.containsAll(usages) && usages.contains(purpose) && usages.contains("digital signature");
        return fine
                ? Optional.empty()
                : Optional.of(
                        "usages did not match " + allowed.stream().sorted().toList());
    }
}
