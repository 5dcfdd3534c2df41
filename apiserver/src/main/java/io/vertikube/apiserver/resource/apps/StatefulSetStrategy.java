package io.vertikube.apiserver.resource.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.PodTemplateRules;
import io.vertikube.apiserver.resource.core.pod.TemplateWarnings;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of stateful sets. Pure. */
public final class StatefulSetStrategy implements Strategy {

    private static final List<String> MUTABLE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    @Override
    public void applyDefaults(ObjectNode set) {
        Trees.find(set, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "replicas", 1);
            Trees.setIfAbsent(spec, "revisionHistoryLimit", 10);
            Trees.setIfAbsent(spec, "podManagementPolicy", "OrderedReady");
            ObjectNode strategy = Trees.object(spec, "updateStrategy");
            Trees.setIfAbsent(strategy, "type", "RollingUpdate");
            if (strategy.path("type").asText().equals("RollingUpdate")) {
                Trees.setIfAbsent(Trees.object(strategy, "rollingUpdate"), "partition", 0);
            }
            ObjectNode retention = Trees.object(spec, "persistentVolumeClaimRetentionPolicy");
            Trees.setIfAbsent(retention, "whenDeleted", "Retain");
            Trees.setIfAbsent(retention, "whenScaled", "Retain");
            PodTemplateRules.applyDefaults(spec, "template");
            for (ObjectNode claim : Trees.objects(spec, "volumeClaimTemplates")) {
                Trees.setIfAbsent(claim, "apiVersion", "v1");
                Trees.setIfAbsent(claim, "kind", "PersistentVolumeClaim");
                Trees.setIfAbsent(Trees.object(claim, "spec"), "volumeMode", "Filesystem");
                Trees.setIfAbsent(Trees.object(claim, "status"), "phase", "Pending");
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        set.putObject("status").put("replicas", 0).put("availableReplicas", 0);
    }

    /** Its name is part of its pods' host names, which have no dots; sets from before that was asked may be changed. */
    @Override
    public List<FieldError> validate(ObjectNode set) {
        var problems = new Problems();
        problems.check(Place.root(set).get("metadata", "name"), Problems::dnsLabel);
        problems.addAll(validateAnyTime(set));
        return problems.list();
    }

    private static List<FieldError> validateAnyTime(ObjectNode set) {
        var problems = new Problems();
        Place spec = Place.root(set).get("spec");
        Place policy = spec.get("podManagementPolicy");
        if (problems.require(policy, "")) {
            problems.supported(policy, List.of("OrderedReady", "Parallel"));
        }
        Place strategy = spec.get("updateStrategy");
        if (problems.require(strategy.get("type"), "")) {
            problems.supported(strategy.get("type"), List.of("OnDelete", "RollingUpdate"));
        }
        if (strategy.text("type").equals("OnDelete") && strategy.has("rollingUpdate")) {
            problems.invalid(strategy.get("rollingUpdate"), "only allowed for updateStrategy 'RollingUpdate'");
        }
        problems.notNegative(strategy.get("rollingUpdate", "partition"));
        Place away = strategy.get("rollingUpdate", "maxUnavailable");
        ScaleRules.amount(away, problems);
        if (away.present() && ScaleRules.isZero(away)) {
            problems.invalid(away, "cannot be 0");
        }
        ScaleRules.notOverAll(away, problems);
        for (String when : List.of("whenDeleted", "whenScaled")) {
            problems.supportedIfAny(
                    spec.get("persistentVolumeClaimRetentionPolicy").get(when), List.of("Retain", "Delete"));
        }
        problems.notNegative(spec.get("replicas"));
        problems.notNegative(spec.get("minReadySeconds"));
        problems.notNegative(spec.get("ordinals", "start"));
        if (!spec.has("selector")) {
            problems.required(spec.get("selector"));
        } else {
            LabelSelectorRules.matchesTemplate(
                    spec.get("selector"), spec.get("template", "metadata", "labels"), problems);
        }
        PodTemplateRules.validateAlwaysRunning(withClaims(spec), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode set, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validateAnyTime(set));
        ObjectNode now = Trees.object(set, "spec").deepCopy().without(MUTABLE);
        ObjectNode before = Trees.object(old, "spec").deepCopy().without(MUTABLE);
        if (!Trees.equal(now, before)) {
            problems.add(FieldError.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden"));
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode set, ObjectNode old) {
        return ReplicaStatusRules.validate(set);
    }

    /** Containers mount the claims of the set's templates as volumes of the same name. */
    private static Place withClaims(Place spec) {
        Place template = spec.get("template");
        if (spec.get("volumeClaimTemplates").empty() || !(template.node() instanceof ObjectNode tree)) {
            return template;
        }
        ObjectNode whole = tree.deepCopy();
        ObjectNode podSpec = Trees.object(whole, "spec");
        for (Place claim : spec.items("volumeClaimTemplates")) {
            String name = claim.get("metadata").text("name");
            boolean there = Trees.objects(podSpec, "volumes").stream()
                    .anyMatch(v -> v.path("name").asText().equals(name));
            if (!there && !name.isEmpty()) {
                ObjectNode volume = Trees.array(podSpec, "volumes").addObject();
                volume.put("name", name).putObject("persistentVolumeClaim").put("claimName", name);
            }
        }
        return Place.of(whole, template.path());
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        var warnings = new ArrayList<>(TemplateWarnings.of(object, old, List.of("spec", "template")));
        if (object.path("spec").path("revisionHistoryLimit").asLong(0) < 0) {
            warnings.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is"
                    + " recommended");
        }
        return warnings;
    }
}
