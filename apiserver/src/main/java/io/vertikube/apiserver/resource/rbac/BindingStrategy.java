package io.vertikube.apiserver.resource.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of role bindings and cluster role bindings, whose role never changes. Pure. */
public final class BindingStrategy implements Strategy {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final boolean cluster;

    public BindingStrategy(boolean cluster) {
        this.cluster = cluster;
    }

    @Override
    public void applyDefaults(ObjectNode binding) {
        Trees.find(binding, "roleRef").ifPresent(ref -> setGroup(ref, GROUP));
        for (ObjectNode subject : Trees.objects(binding, "subjects")) {
            String kind = subject.path("kind").asText();
            if (kind.equals("User") || kind.equals("Group")) {
                setGroup(subject, GROUP);
            }
        }
    }

    private static void setGroup(ObjectNode object, String group) {
        if (object.path("apiGroup").asText("").isEmpty()) {
            object.put("apiGroup", group);
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode binding) {
        var problems = new Problems();
        Place role = Place.root(binding).get("roleRef");
        if (!role.text("apiGroup").equals(GROUP)) {
            problems.supported(role.get("apiGroup"), List.of(GROUP));
        }
        problems.supported(role.get("kind"), cluster ? List.of("ClusterRole") : List.of("Role", "ClusterRole"));
        if (problems.require(role.get("name"), "")) {
            problems.check(role.get("name"), Names::pathSegment);
        }
        for (Place subject : Place.root(binding).items("subjects")) {
            subject(subject, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode binding, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(binding));
        Place role = Place.root(binding).get("roleRef");
        if (!Trees.same(binding, old, "roleRef")) {
            problems.invalid(role, "cannot change roleRef");
        }
        return problems.list();
    }

    private void subject(Place subject, Problems problems) {
        problems.require(subject.get("name"), "");
        switch (subject.text("kind")) {
            case "ServiceAccount" -> {
                if (!subject.get("name").empty()) {
                    problems.check(subject.get("name"), Names::dnsSubdomain);
                }
                if (!subject.get("apiGroup").empty()) {
                    problems.supported(subject.get("apiGroup"), List.of(""));
                }
                if (cluster) {
                    problems.require(subject.get("namespace"), "");
                }
            }
            case "User", "Group" -> problems.supported(subject.get("apiGroup"), List.of(GROUP));
            default -> problems.supported(subject.get("kind"), List.of("ServiceAccount", "User", "Group"));
        }
    }
}
