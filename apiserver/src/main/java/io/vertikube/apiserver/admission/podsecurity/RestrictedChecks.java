package io.vertikube.apiserver.admission.podsecurity;

import static io.vertikube.apiserver.admission.podsecurity.BaselineChecks.context;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the level {@code restricted} forbids beyond the baseline. Pure. */
final class RestrictedChecks {

    private static final Set<String> VOLUMES = Set.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret");

    private RestrictedChecks() {}

    static Stream<Violation> all(JsonNode spec) {
        boolean windows = Containers.onWindows(spec);
        return Stream.of(
                        windows ? Optional.<Violation>empty() : escalation(spec),
                        windows ? Optional.<Violation>empty() : capabilities(spec),
                        volumes(spec),
                        runAsNonRoot(spec),
                        runAsUser(spec),
                        windows ? Optional.<Violation>empty() : seccomp(spec))
                .flatMap(Optional::stream);
    }

    private static Optional<Violation> escalation(JsonNode spec) {
        return Containers.violation(
                spec,
                "allowPrivilegeEscalation != false",
                "must set securityContext.allowPrivilegeEscalation=false",
                c -> context(c).path("allowPrivilegeEscalation").asBoolean(true));
    }

    private static Optional<Violation> capabilities(JsonNode spec) {
        var sentences = new ArrayList<String>();
        List<String> keeping = Containers.named(spec, container -> {
            boolean dropsAll = false;
            for (JsonNode drop : context(container).path("capabilities").path("drop")) {
                dropsAll |= drop.asText().equals("ALL");
            }
            return !dropsAll;
        });
        if (!keeping.isEmpty()) {
            sentences.add(
                    Containers.some("container", keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        var added = new TreeSet<String>();
        List<String> adding = Containers.named(spec, container -> {
            boolean any = false;
            for (JsonNode add : context(container).path("capabilities").path("add")) {
                if (!add.asText().equals("NET_BIND_SERVICE")) {
                    any = true;
                    added.add(add.asText());
                }
            }
            return any;
        });
        if (!adding.isEmpty()) {
            sentences.add(Containers.some("container", adding) + " must not include " + Containers.quoted(added)
                    + " in securityContext.capabilities.add");
        }
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("unrestricted capabilities", String.join("; ", sentences)));
    }

    private static Optional<Violation> volumes(JsonNode spec) {
        var names = new ArrayList<String>();
        var kinds = new TreeSet<String>();
        for (JsonNode volume : spec.path("volumes")) {
            volume.properties().stream()
                    .filter(field -> !field.getKey().equals("name")
                            && !field.getValue().isNull()
                            && !VOLUMES.contains(field.getKey()))
                    .findFirst()
                    .ifPresent(field -> {
                        names.add(volume.path("name").asText());
                        kinds.add(field.getKey());
                    });
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "restricted volume types",
                        Containers.some("volume", names)
                                + (names.size() > 1 ? " use " : " uses ")
                                + Containers.some("restricted volume type", kinds)));
    }

    private static Optional<Violation> runAsNonRoot(JsonNode spec) {
        JsonNode ofPod = context(spec).path("runAsNonRoot");
        List<String> openly = Containers.named(spec, c -> isFalse(context(c).path("runAsNonRoot")));
        var sentences = new ArrayList<String>();
        if (isFalse(ofPod)) {
            openly = new ArrayList<>(openly);
            sentences.add("pod must not set securityContext.runAsNonRoot=false");
        }
        if (!openly.isEmpty()) {
            sentences.add(Containers.some("container", openly) + " must not set securityContext.runAsNonRoot=false");
        }
        if (sentences.isEmpty() && !ofPod.asBoolean()) {
            List<String> silent =
                    Containers.named(spec, c -> !context(c).path("runAsNonRoot").asBoolean());
            if (!silent.isEmpty()) {
                sentences.add("pod or " + Containers.some("container", silent)
                        + " must set securityContext.runAsNonRoot=true");
            }
        }
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("runAsNonRoot != true", String.join(" and ", sentences)));
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.asBoolean();
    }

    private static Optional<Violation> runAsUser(JsonNode spec) {
        var holders = new ArrayList<String>();
        if (isRoot(spec)) {
            holders.add("pod");
        }
        List<String> names = Containers.named(spec, RestrictedChecks::isRoot);
        if (!names.isEmpty()) {
            holders.add(Containers.some("container", names));
        }
        return holders.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation("runAsUser=0", String.join(" and ", holders) + " must not set runAsUser=0"));
    }

    private static boolean isRoot(JsonNode holder) {
        JsonNode user = context(holder).path("runAsUser");
        return user.isNumber() && user.asLong() == 0;
    }

    private static Optional<Violation> seccomp(JsonNode spec) {
        var sentences = new ArrayList<String>();
        String sentence = " must not set securityContext.seccompProfile.type to \"Unconfined\"";
        if (BaselineChecks.isUnconfined(spec)) {
            sentences.add("pod" + sentence);
        }
        List<String> openly = Containers.named(spec, BaselineChecks::isUnconfined);
        if (!openly.isEmpty()) {
            sentences.add(Containers.some("container", openly) + sentence);
        }
        if (sentences.isEmpty() && !isConfined(spec)) {
            List<String> silent = Containers.named(spec, c -> !isConfined(c));
            if (!silent.isEmpty()) {
                sentences.add("pod or " + Containers.some("container", silent)
                        + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
            }
        }
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("seccompProfile", String.join(" and ", sentences)));
    }

    private static boolean isConfined(JsonNode holder) {
        String type = context(holder).path("seccompProfile").path("type").asText("");
        return type.equals("RuntimeDefault") || type.equals("Localhost");
    }
}
