package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of Services: what depends on the type, and what falls away when the type changes. Pure. */
public final class ServiceStrategy implements Strategy {

    private static final int STICKY_SECONDS = 10_800;

    @Override
    public void applyDefaults(ObjectNode service) {
        Trees.find(service, "spec").ifPresent(ServiceStrategy::specDefaults);
    }

    private static void specDefaults(ObjectNode spec) {
        Trees.setIfAbsent(spec, "type", "ClusterIP");
        Trees.setIfAbsent(spec, "sessionAffinity", "None");
        String type = spec.path("type").asText();
        if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            ObjectNode config = Trees.object(Trees.object(spec, "sessionAffinityConfig"), "clientIP");
            Trees.setIfAbsent(config, "timeoutSeconds", STICKY_SECONDS);
        } else if (spec.path("sessionAffinity").asText().equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        for (ObjectNode port : Trees.objects(spec, "ports")) {
            Trees.setIfAbsent(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            boolean noTarget = Trees.absent(port, "targetPort")
                    || (target.isNumber() && target.asInt() == 0)
                    || (target.isTextual() && target.asText().isEmpty());
            if (noTarget && port.has("port")) {
                port.set("targetPort", port.path("port"));
            }
        }
        boolean external = type.equals("NodePort")
                || type.equals("LoadBalancer")
                || (type.equals("ClusterIP") && !spec.path("externalIPs").isEmpty());
        if (external) {
            Trees.setIfAbsent(spec, "externalTrafficPolicy", "Cluster");
        }
        if (!type.equals("ExternalName")) {
            Trees.setIfAbsent(spec, "internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Trees.setIfAbsent(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
        ObjectNode spec = Trees.object(service, "spec");
        mirrorAddress(spec, null);
        families(spec);
    }

    @Override
    public void prepareForUpdate(ObjectNode service, ObjectNode old) {
        ObjectNode spec = Trees.object(service, "spec");
        ObjectNode before = Trees.object(old, "spec");
        boolean external = spec.path("type").asText().equals("ExternalName");
        boolean wasExternal = before.path("type").asText().equals("ExternalName");
        if (!external && !wasExternal) {
            // What a client leaves out of a replacement, it keeps.
            for (String field : List.of("clusterIP", "ipFamilies", "ipFamilyPolicy")) {
                JsonNode said = spec.path(field);
                if (said.isMissingNode()
                        || (said.isContainerNode()
                                ? said.isEmpty()
                                : said.asText("x").isEmpty())) {
                    Trees.keep(spec, before, field);
                }
            }
            if (spec.path("clusterIPs").isEmpty()) {
                Trees.keep(spec, before, "clusterIPs");
            }
        }
        mirrorAddress(spec, before);
        dropForType(spec, before);
        families(spec);
        if (needsNodePorts(before) && !needsNodePorts(spec)) {
            for (ObjectNode port : Trees.objects(spec, "ports")) {
                Optional<Integer> had = oldNodePort(before, port);
                if (had.isPresent() && had.get() == port.path("nodePort").asInt()) {
                    port.remove("nodePort");
                }
            }
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode service) {
        var problems = new Problems();
        ServiceRules.validate(service, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode service, ObjectNode old) {
        var problems = new Problems();
        ServiceRules.validateUpdate(service, old, problems);
        if (problems.none()) {
            ServiceRules.validate(service, problems);
        }
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.clusterIP", "spec.type");
    }

    /** {@code clusterIP} and the first of {@code clusterIPs} are one thing; older clients know only the former. */
    private static void mirrorAddress(ObjectNode spec, @Nullable ObjectNode before) {
        if (spec.path("type").asText().equals("ExternalName") && before != null) {
            return;
        }
        String single = spec.path("clusterIP").asText("");
        String first = spec.path("clusterIPs").path(0).asText("");
        if (single.isEmpty() && !first.isEmpty() && before == null) {
            spec.put("clusterIP", first);
        } else if (!single.isEmpty() && first.isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        } else if (before != null && !single.equals(first)) {
            boolean listChanged = !Trees.same(spec, before, "clusterIPs");
            boolean singleChanged = !Trees.same(spec, before, "clusterIP");
            if (singleChanged && !listChanged) {
                spec.putArray("clusterIPs").add(single);
            }
        }
    }

    private static void families(ObjectNode spec) {
        if (spec.path("type").asText().equals("ExternalName")) {
            return;
        }
        boolean anywhere = spec.path("clusterIP").asText("").equals("None")
                && spec.path("selector").isEmpty();
        Trees.setIfAbsent(spec, "ipFamilyPolicy", anywhere ? "RequireDualStack" : "SingleStack");
        if (spec.path("ipFamilies").isEmpty()) {
            String address = spec.path("clusterIP").asText("");
            spec.putArray("ipFamilies").add(address.contains(":") ? "IPv6" : "IPv4");
        }
        // Nobody knows which families the endpoints of a headless Service without a selector have.
        if (anywhere
                && !spec.path("ipFamilyPolicy").asText().equals("SingleStack")
                && spec.path("ipFamilies").size() == 1) {
            String first = spec.path("ipFamilies").path(0).asText();
            Trees.array(spec, "ipFamilies").add(first.equals("IPv4") ? "IPv6" : "IPv4");
        }
    }

    /** What belonged to the type that was, and was not touched, goes with it; what was changed is for validation. */
    private static void dropForType(ObjectNode spec, ObjectNode before) {
        String type = spec.path("type").asText();
        if (type.equals("ExternalName") && !before.path("type").asText().equals("ExternalName")) {
            dropSame(spec, before, "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        }
        if (!type.equals("LoadBalancer")) {
            dropSame(spec, before, "allocateLoadBalancerNodePorts", "loadBalancerClass");
        }
        boolean facing = needsNodePorts(spec) || !spec.path("externalIPs").isEmpty();
        if (!facing || type.equals("ExternalName")) {
            dropSame(spec, before, "externalTrafficPolicy");
        }
        boolean checked = type.equals("LoadBalancer")
                && spec.path("externalTrafficPolicy").asText().equals("Local");
        if (!checked) {
            dropSame(spec, before, "healthCheckNodePort");
        }
    }

    private static void dropSame(ObjectNode spec, ObjectNode before, String... fields) {
        for (String field : fields) {
            if (Trees.absent(before, field) || Trees.same(spec, before, field)) {
                spec.remove(field);
            }
        }
    }

    private static boolean needsNodePorts(JsonNode spec) {
        String type = spec.path("type").asText();
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static Optional<Integer> oldNodePort(JsonNode before, JsonNode port) {
        for (JsonNode old : before.path("ports")) {
            if (old.path("port").asInt() == port.path("port").asInt()
                    && old.path("protocol")
                            .asText()
                            .equals(port.path("protocol").asText())
                    && old.path("nodePort").asInt(0) != 0) {
                return Optional.of(old.path("nodePort").asInt());
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> warnings(ObjectNode service, @Nullable ObjectNode old) {
        var warnings = new ArrayList<String>();
        Place spec = Place.root(service).get("spec");
        boolean headless = spec.text("clusterIP").equals("None");
        if (headless && spec.text("sessionAffinity").equals("ClientIP")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
        if (spec.text("type").equals("ExternalName")) {
            if (!spec.get("externalIPs").empty()) {
                warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
            }
        } else if (!spec.get("externalName").empty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        return warnings;
    }
}
