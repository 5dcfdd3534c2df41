package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.object.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events in the form {@code audit.k8s.io/v1 Event}, fields in Kubernetes' order. Safe for any thread. */
final class EventRenderer {

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final AuditBodies bodies;

    EventRenderer(AuditBodies bodies) {
        this.bodies = bodies;
    }

    ObjectNode render(AuditEvent event) {
        AuditEvent.Subject subject = event.subject();
        boolean lean = event.rule().omitManagedFields();
        JsonNode sent = event.sent() == null ? null : bodies.sent(event.sent(), subject);
        ObjectNode tree = Json.object();
        tree.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
        tree.put("level", event.rule().level().text());
        tree.put("auditID", subject.id());
        tree.put("stage", event.stage().text());
        tree.put("requestURI", subject.uri());
        tree.put("verb", subject.info().verb());
        tree.set("user", user(subject.user()));
        if (subject.impersonated() != null) {
            tree.set("impersonatedUser", user(subject.impersonated()));
        }
        if (!subject.sourceIps().isEmpty()) {
            var ips = tree.putArray("sourceIPs");
            subject.sourceIps().forEach(ips::add);
        }
        putIfAny(tree, "userAgent", subject.userAgent());
        if (subject.info().resourceRequest()) {
            tree.set("objectRef", reference(subject.info(), sent));
        }
        JsonNode answered = answered(event);
        if (event.code() != 0) {
            tree.set("responseStatus", status(event, answered));
        }
        if (sent != null && event.rule().level().tells(AuditLevel.REQUEST)) {
            tree.set("requestObject", AuditBodies.shown(sent, lean));
        }
        if (answered != null && event.rule().level().tells(AuditLevel.REQUEST_RESPONSE)) {
            tree.set("responseObject", AuditBodies.shown(answered, lean));
        }
        tree.put("requestReceivedTimestamp", time(subject.received()));
        tree.put("stageTimestamp", time(event.at()));
        if (!event.annotations().isEmpty()) {
            var annotations = tree.putObject("annotations");
            new TreeMap<>(event.annotations()).forEach(annotations::put);
        }
        return tree;
    }

    static String time(Instant instant) {
        return MICROS.format(instant);
    }

    /** The answer of a request about a resource; refusals are told whatever the request was about. */
    private @Nullable JsonNode answered(AuditEvent event) {
        Answer answer = event.answer();
        boolean refused = event.code() >= 400;
        boolean told = event.rule().level().tells(AuditLevel.REQUEST_RESPONSE);
        if (answer == null || !(refused || (told && event.subject().info().resourceRequest()))) {
            return null;
        }
        return bodies.answered(answer);
    }

    private static ObjectNode status(AuditEvent event, @Nullable JsonNode answered) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (answered != null && answered.path("kind").asText("").equals("Status")) {
            for (String field : new String[] {"status", "message", "reason", "details"}) {
                if (answered.has(field)) {
                    status.set(field, answered.get(field));
                }
            }
        } else if (!event.message().isEmpty()) {
            status.put("status", "Failure").put("message", event.message());
        }
        return status.put("code", event.code());
    }

    private static ObjectNode user(@Nullable UserInfo user) {
        ObjectNode tree = Json.object();
        if (user == null) {
            return tree;
        }
        putIfAny(tree, "username", user.name());
        putIfAny(tree, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            var groups = tree.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = tree.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> {
                var list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
        return tree;
    }

    private static ObjectNode reference(RequestInfo info, @Nullable JsonNode sent) {
        ObjectNode reference = Json.object();
        JsonNode metadata = sent == null ? Json.object() : sent.path("metadata");
        Consumer<String> of =
                field -> putIfAny(reference, field, metadata.path(field).asText(""));
        putIfAny(reference, "resource", info.resource());
        putIfAny(reference, "namespace", info.namespace());
        if (info.name().isEmpty()) {
            of.accept("name");
        } else {
            reference.put("name", info.name());
        }
        of.accept("uid");
        putIfAny(reference, "apiGroup", info.group());
        putIfAny(reference, "apiVersion", info.version());
        of.accept("resourceVersion");
        putIfAny(reference, "subresource", info.subresource());
        return reference;
    }

    private static void putIfAny(ObjectNode tree, String field, String value) {
        if (!value.isEmpty()) {
            tree.put(field, value);
        }
    }
}
