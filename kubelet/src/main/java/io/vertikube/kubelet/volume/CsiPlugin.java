package io.vertikube.kubelet.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.storage.TokenRequest;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.kubelet.csi.CsiFailure;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.csi.CsiVolume;
import io.vertikube.object.Json;
import io.vertikube.value.CsiNames;
import io.vertikube.value.Quantities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Volumes of CSI drivers: inline in the pod, and behind claims. What the API says becomes a {@link CsiVolume}, and
 * {@link CsiMounts} mounts it. Safe for any thread.
 */
final class CsiPlugin implements VolumePlugin {

    private static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";
    private static final long TOKEN_SECONDS = 3600;

    private final String node;
    private final CsiSource source;
    private final CsiMounts mounts;
    private final TokenSource tokens;
    private final ClaimSource claims;
    private final VolumeEvents events;

    CsiPlugin(CsiAccess access, TokenSource tokens, ClaimSource claims) {
        this.node = access.node();
        this.source = access.source();
        this.mounts = access.mounts();
        this.events = access.events();
        this.tokens = tokens;
        this.claims = claims;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getCsi() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        CSIVolumeSource csi = volume.getCsi();
        Pod pod = context.pod();
        var policy = CsiPolicy.of(csi.getDriver(), source.driver(csi.getDriver()));
        policy.checkInline();
        boolean readOnly = Boolean.TRUE.equals(csi.getReadOnly());
        String fsType = Objects.requireNonNullElse(csi.getFsType(), "");
        boolean group = policy.givesGroup(true, readOnly, fsType, List.of());
        Map<String, String> secrets = new HashMap<>(
                csi.getNodePublishSecretRef() == null
                        ? Map.of()
                        : source.secret(
                                context.namespace(),
                                csi.getNodePublishSecretRef().getName()));
        Map<String, String> told = policy.context(orEmpty(csi.getVolumeAttributes()), pod, true);
        addTokens(policy, pod, told, secrets);
        return mounted(
                context,
                new CsiVolume(
                        csi.getDriver(),
                        CsiNames.inlineHandle(pod.getMetadata().getUid(), volume.getName()),
                        volume.getName(),
                        true,
                        readOnly,
                        false,
                        fsType,
                        List.of(),
                        List.of("ReadWriteOnce"),
                        told,
                        Map.of(),
                        Map.of(),
                        secrets,
                        group ? context.fsGroup() : OptionalLong.empty(),
                        groupAlways(pod),
                        policy.republish()));
    }

    /** A claim's volume; waits, as a failure that says so, until it is attached. */
    MountedVolume ofClaim(
            VolumeContext context, PersistentVolumeClaim claim, PersistentVolume volume, boolean wantsReadOnly) {
        CSIPersistentVolumeSource csi = volume.getSpec().getCsi();
        String name = volume.getMetadata().getName();
        Pod pod = context.pod();
        var policy = CsiPolicy.of(csi.getDriver(), source.driver(csi.getDriver()));
        Map<String, String> attached = policy.attachRequired() ? attached(csi, name) : Map.of();
        boolean readOnly = wantsReadOnly || Boolean.TRUE.equals(csi.getReadOnly());
        String fsType = Objects.requireNonNullElse(csi.getFsType(), "");
        List<String> modes = Objects.requireNonNullElse(volume.getSpec().getAccessModes(), List.of());
        boolean group = policy.givesGroup(false, readOnly, fsType, modes);
        Map<String, String> told = policy.context(orEmpty(csi.getVolumeAttributes()), pod, false);
        Map<String, String> secrets = new HashMap<>(secret(csi.getNodePublishSecretRef()));
        addTokens(policy, pod, told, secrets);
        var wanted = new CsiVolume(
                csi.getDriver(),
                csi.getVolumeHandle(),
                name,
                false,
                readOnly,
                "Block".equals(volume.getSpec().getVolumeMode()),
                fsType,
                Objects.requireNonNullElse(volume.getSpec().getMountOptions(), List.of()),
                modes,
                told,
                attached,
                secret(csi.getNodeStageSecretRef()),
                secrets,
                group ? context.fsGroup() : OptionalLong.empty(),
                groupAlways(pod),
                policy.republish());
        MountedVolume result = mounted(context, wanted);
        if (!readOnly) {
            grow(context, claim, volume, wanted);
        }
        return result;
    }

    private MountedVolume mounted(VolumeContext context, CsiVolume volume) {
        try {
            Path path = mounts.mount(context.podDir(), volume);
            return new MountedVolume(path, volume.readOnly(), volume.block(), !volume.readOnly() && !volume.block());
        } catch (CsiFailure e) {
            throw VolumeFailure.sentence(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new VolumeFailure("cannot mount volume \"" + volume.name() + "\": " + e.getMessage(), e);
        }
    }

    private Map<String, String> attached(CSIPersistentVolumeSource csi, String volume) {
        String name = CsiNames.attachment(csi.getDriver(), csi.getVolumeHandle(), node);
        Optional<VolumeAttachment> found = source.attachment(name)
                .filter(attachment -> attachment.getMetadata().getDeletionTimestamp() == null);
        var status = found.map(VolumeAttachment::getStatus).orElse(null);
        if (status != null && Boolean.TRUE.equals(status.getAttached())) {
            return orEmpty(status.getAttachmentMetadata());
        }
        String what = "MountVolume.WaitForAttach failed for volume \"" + volume + "\" : ";
        throw VolumeFailure.waiting(
                status != null && status.getAttachError() != null
                        ? what + status.getAttachError().getMessage()
                        : what + "volume " + csi.getVolumeHandle()
                                + " is not attached to this node yet: VolumeAttachment " + name
                                + (found.isPresent()
                                        ? " waits for the external-attacher of " + csi.getDriver() + " CSI driver"
                                        : " does not exist"));
    }

    /** The volume has grown; what is mounted grows with it, and the claim says so. The pod runs on meanwhile. */
    private void grow(VolumeContext context, PersistentVolumeClaim claim, PersistentVolume volume, CsiVolume mounted) {
        @Nullable Quantity has = storage(volume.getSpec().getCapacity());
        @Nullable
        Quantity told =
                claim.getStatus() == null ? null : storage(claim.getStatus().getCapacity());
        if (has == null || told == null || bytes(has) <= bytes(told)) {
            return;
        }
        Pod pod = context.pod();
        try {
            if (mounts.expand(context.podDir(), mounted, bytes(has))) {
                events.record(
                        pod,
                        "Normal",
                        "FileSystemResizeSuccessful",
                        "MountVolume.NodeExpandVolume succeeded for volume \"" + mounted.name() + "\"");
            }
            claims.grown(claim, has);
        } catch (CsiFailure e) {
            events.record(
                    pod,
                    "Warning",
                    "VolumeResizeFailed",
                    "NodeExpandVolume failed for volume \"" + mounted.name() + "\" : " + e.getMessage());
        }
    }

    private void addTokens(CsiPolicy policy, Pod pod, Map<String, String> context, Map<String, String> secrets) {
        if (policy.tokenRequests().isEmpty()) {
            return;
        }
        ObjectNode all = Json.object();
        for (TokenRequest request : policy.tokenRequests()) {
            String audience = Objects.requireNonNullElse(request.getAudience(), "");
            Long seconds = request.getExpirationSeconds();
            TokenSource.Issued issued = tokens.issue(pod, audience, seconds == null ? TOKEN_SECONDS : seconds);
            all.putObject(audience)
                    .put("token", issued.token())
                    .put("expirationTimestamp", issued.expires().toString());
        }
        (policy.tokensInSecrets() ? secrets : context).put(TOKENS, all.toString());
    }

    private Map<String, String> secret(@Nullable SecretReference reference) {
        return reference == null ? Map.of() : source.secret(reference.getNamespace(), reference.getName());
    }

    private static boolean groupAlways(Pod pod) {
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        return security == null || !"OnRootMismatch".equals(security.getFsGroupChangePolicy());
    }

    private static @Nullable Quantity storage(@Nullable Map<String, Quantity> amounts) {
        return amounts == null ? null : amounts.get("storage");
    }

    private static long bytes(Quantity quantity) {
        return Quantities.value(quantity.toString());
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
