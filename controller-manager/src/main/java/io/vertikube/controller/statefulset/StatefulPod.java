package io.vertikube.controller.statefulset;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.vertikube.controller.history.TemplateRevision;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Names, pods and claims of a StatefulSet. Pure. */
final class StatefulPod {
    static final Gvk KIND = new Gvk("apps", "v1", "StatefulSet");
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private StatefulPod() {}

    static String name(StatefulSet set, int ordinal) {
        return set.getMetadata().getName() + "-" + ordinal;
    }

    /** The pod's number in its set; absent when its name is not of the set's pattern. */
    static OptionalInt ordinal(StatefulSet set, Pod pod) {
        String prefix = set.getMetadata().getName() + "-";
        String name = pod.getMetadata().getName();
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        boolean number = !digits.isEmpty()
                && digits.length() < 10
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        return number ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    static String revision(Pod pod) {
        return Fields.text(Fields.map(pod.getMetadata().getLabels()).get(TemplateRevision.HASH_LABEL));
    }

    /**
     * The pod with a number, of a revision's template.
     *
     * @param revision the revision's name
     */
    static Pod create(StatefulSet set, int ordinal, PodTemplateSpec template, String revision) {
        String name = name(set, ordinal);
        Pod pod = PodWrites.fromTemplate(template, set, KIND);
        Map<String, String> labels = new HashMap<>(Fields.map(pod.getMetadata().getLabels()));
        labels.put(POD_NAME, name);
        labels.put(POD_INDEX, Integer.toString(ordinal));
        labels.put(TemplateRevision.HASH_LABEL, revision);
        return new PodBuilder(pod)
                .editMetadata()
                .withGenerateName(null)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .editSpec()
                .withHostname(name)
                .withSubdomain(set.getSpec().getServiceName())
                .withVolumes(volumes(set, ordinal, template))
                .endSpec()
                .build();
    }

    /** The claims of the pod with a number. */
    static List<PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
        var claims = new ArrayList<PersistentVolumeClaim>();
        for (PersistentVolumeClaim template : Fields.list(set.getSpec().getVolumeClaimTemplates())) {
            Map<String, String> labels =
                    new HashMap<>(Fields.map(template.getMetadata().getLabels()));
            labels.putAll(Fields.map(set.getSpec().getSelector().getMatchLabels()));
            claims.add(new PersistentVolumeClaimBuilder(template)
                    .withMetadata(new ObjectMetaBuilder()
                            .withName(claimName(template, set, ordinal))
                            .withNamespace(set.getMetadata().getNamespace())
                            .withLabels(labels)
                            .withAnnotations(template.getMetadata().getAnnotations())
                            .build())
                    .withStatus(null)
                    .build());
        }
        return claims;
    }

    /** Whether a claim's name begins as those of the set's pods do. */
    static boolean mayClaim(StatefulSet set, String claim) {
        return Fields.list(set.getSpec().getVolumeClaimTemplates()).stream()
                .anyMatch(template -> claim.startsWith(template.getMetadata().getName() + "-"
                        + set.getMetadata().getName() + "-"));
    }

    private static String claimName(PersistentVolumeClaim template, StatefulSet set, int ordinal) {
        return template.getMetadata().getName() + "-" + name(set, ordinal);
    }

    /** The template's volumes; one with a claim template's name becomes that claim. */
    private static List<Volume> volumes(StatefulSet set, int ordinal, PodTemplateSpec template) {
        var volumes = new ArrayList<Volume>();
        var claimed = new ArrayList<String>();
        for (PersistentVolumeClaim claim : Fields.list(set.getSpec().getVolumeClaimTemplates())) {
            claimed.add(claim.getMetadata().getName());
            volumes.add(new VolumeBuilder()
                    .withName(claim.getMetadata().getName())
                    .withNewPersistentVolumeClaim()
                    .withClaimName(claimName(claim, set, ordinal))
                    .endPersistentVolumeClaim()
                    .build());
        }
        for (Volume volume : Fields.list(template.getSpec().getVolumes())) {
            if (!claimed.contains(volume.getName())) {
                volumes.add(volume);
            }
        }
        return volumes;
    }
}
