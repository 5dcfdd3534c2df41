package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import io.fabric8.kubernetes.api.model.storage.TokenRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a CSIDriver object wants of those who mount its volumes, with the defaults for a driver that has no such object (API
 * reference, CSIDriverSpec). Immutable.
 */
record CsiPolicy(String driver, boolean known, CSIDriverSpec spec) {

    static CsiPolicy of(String driver, Optional<CSIDriver> found) {
        return new CsiPolicy(
                driver, found.isPresent(), found.map(CSIDriver::getSpec).orElseGet(CSIDriverSpec::new));
    }

    boolean attachRequired() {
        return !Boolean.FALSE.equals(spec.getAttachRequired());
    }

    boolean republish() {
        return Boolean.TRUE.equals(spec.getRequiresRepublish());
    }

    boolean tokensInSecrets() {
        return Boolean.TRUE.equals(spec.getServiceAccountTokenInSecrets());
    }

    List<TokenRequest> tokenRequests() {
        return Objects.requireNonNullElse(spec.getTokenRequests(), List.of());
    }

    /** A {@link VolumeFailure} where the driver's object does not allow volumes inside pods. */
    void checkInline() {
        List<String> modes = Objects.requireNonNullElse(spec.getVolumeLifecycleModes(), List.of());
        if (!known) {
            throw new VolumeFailure(
                    "volume mode \"Ephemeral\" not supported by driver " + driver + " (no CSIDriver object)");
        }
        if (!modes.contains("Ephemeral")) {
            throw new VolumeFailure("volume mode \"Ephemeral\" not supported by driver " + driver + " (only supports "
                    + (modes.isEmpty() ? List.of("Persistent") : modes) + ")");
        }
    }

    /** Whether the pod's fsGroup is for a volume. */
    boolean givesGroup(boolean inline, boolean readOnly, String fsType, List<String> accessModes) {
        return switch (Objects.requireNonNullElse(spec.getFsGroupPolicy(), "ReadWriteOnceWithFSType")) {
            case "File" -> !readOnly;
            case "None" -> false;
            default ->
                !readOnly
                        && !fsType.isEmpty()
                        && (inline
                                || accessModes.contains("ReadWriteOnce")
                                || accessModes.contains("ReadWriteOncePod"));
        };
    }

    /** A volume's attributes and, where the driver asks for it, whose pod it is for. */
    Map<String, String> context(Map<String, String> attributes, Pod pod, boolean inline) {
        Map<String, String> context = new HashMap<>(attributes);
        if (Boolean.TRUE.equals(spec.getPodInfoOnMount())) {
            context.put("csi.storage.k8s.io/pod.name", pod.getMetadata().getName());
            context.put("csi.storage.k8s.io/pod.namespace", pod.getMetadata().getNamespace());
            context.put("csi.storage.k8s.io/pod.uid", pod.getMetadata().getUid());
            context.put(
                    "csi.storage.k8s.io/serviceAccount.name",
                    Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default"));
            context.put("csi.storage.k8s.io/ephemeral", Boolean.toString(inline));
        }
        return context;
    }
}
