package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What in a pod, or in a template for pods, is taken but will surprise or is on its way out. Pure. */
public final class PodWarnings {

    private static final Map<String, String> OLD_NODE_LABELS = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead");
    private static final Map<String, String> OLD_VOLUMES = Map.of(
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "flocker", "deprecated in v1.22, non-functional in v1.25+",
            "storageos", "deprecated in v1.22, non-functional in v1.25+",
            "quobyte", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");
    private static final String NULL_SELECTOR = "a null labelSelector results in matching no pod";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private final Place metadata;
    private final Place spec;
    private final List<String> found = new ArrayList<>();

    private PodWarnings(Place metadata, Place spec) {
        this.metadata = metadata;
        this.spec = spec;
    }

    /** The sentences for a pod or a template, in the order of its fields. */
    public static List<String> of(Place podOrTemplate) {
        var warnings = new PodWarnings(podOrTemplate.get("metadata"), podOrTemplate.get("spec"));
        warnings.collect();
        return warnings.found;
    }

    /** A workload's name becomes part of its pods' names, which are host names too. */
    public static List<String> ofName(Place root, String what) {
        Place name = root.get("metadata", "name");
        List<String> wrong = Names.dnsLabel(name.text());
        return wrong.isEmpty() || name.empty()
                ? List.of()
                : List.of(name.path() + ": this is used in " + what
                        + ", which can result in surprising behavior; a DNS label is recommended: ["
                        + String.join(", ", wrong) + "]");
    }

    private void collect() {
        spec.get("nodeSelector").entries().forEach((key, value) -> oldLabel(value, key));
        nodeAffinity(spec.get("affinity", "nodeAffinity"));
        spreading();
        podAffinity(spec.get("affinity", "podAffinity"));
        podAffinity(spec.get("affinity", "podAntiAffinity"));
        annotations();
        twice("hostAliases", "ip", "duplicate ip ");
        twice("imagePullSecrets", "name", "duplicate name ");
        for (Place secret : spec.items("imagePullSecrets")) {
            if (secret.get("name").empty()) {
                found.add(secret.get("name").path() + ": invalid empty name \"\"");
            }
        }
        for (Place volume : spec.items("volumes")) {
            OLD_VOLUMES.forEach((kind, sentence) -> {
                if (volume.has(kind)) {
                    found.add(volume.get(kind).path() + ": " + sentence);
                }
            });
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec.items(list).forEach(this::container);
        }
        fractions(spec.get("overhead"));
        Place grace = spec.get("terminationGracePeriodSeconds");
        if (grace.number(0) < 0) {
            found.add(grace.path() + ": must be >= 0; negative values are invalid and will be treated as 1");
        }
    }

    private void oldLabel(Place place, String key) {
        String sentence = OLD_NODE_LABELS.get(key);
        if (sentence != null) {
            found.add(place.path() + ": " + sentence);
        }
    }

    private void nodeAffinity(Place affinity) {
        affinity.get(REQUIRED).items("nodeSelectorTerms").forEach(this::nodeTerm);
        affinity.items(PREFERRED).forEach(preferred -> nodeTerm(preferred.get("preference")));
    }

    private void nodeTerm(Place term) {
        for (Place expression : term.items("matchExpressions")) {
            String sentence = OLD_NODE_LABELS.get(expression.text("key"));
            if (sentence != null) {
                found.add(expression.get("key").path() + ": " + expression.text("key") + " is " + sentence);
            }
        }
    }

    private void spreading() {
        for (Place constraint : spec.items("topologySpreadConstraints")) {
            String sentence = OLD_NODE_LABELS.get(constraint.text("topologyKey"));
            if (sentence != null) {
                found.add(constraint.get("topologyKey").path() + ": " + constraint.text("topologyKey") + " is "
                        + sentence);
            }
            if (!constraint.has("labelSelector")) {
                found.add(constraint.get("labelSelector").path() + ": " + NULL_SELECTOR);
            }
        }
    }

    private void podAffinity(Place affinity) {
        for (Place term : affinity.items(REQUIRED)) {
            podTerm(term);
        }
        for (Place preferred : affinity.items(PREFERRED)) {
            podTerm(preferred.get("podAffinityTerm"));
        }
    }

    private void podTerm(Place term) {
        if (!term.has("labelSelector")) {
            found.add(term.get("labelSelector").path() + ": " + NULL_SELECTOR);
        }
    }

    private void annotations() {
        metadata.get("annotations").entries().forEach((key, annotation) -> {
            if (key.equals("seccomp.security.alpha.kubernetes.io/pod")
                    || key.startsWith("container.seccomp.security.alpha.kubernetes.io/")) {
                found.add(annotation.path() + ": non-functional in v1.27+; use the \"seccompProfile\" field instead");
            } else if (key.startsWith("container.apparmor.security.beta.kubernetes.io/")) {
                found.add(annotation.path() + ": deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        });
    }

    private void twice(String list, String field, String sentence) {
        Set<String> seen = new HashSet<>();
        for (Place item : spec.items(list)) {
            String text = item.text(field);
            if (!text.isEmpty() && !seen.add(text)) {
                found.add(item.get(field).path() + ": " + sentence + "\"" + text + "\"");
            }
        }
    }

    private void container(Place container) {
        fractions(container.get("resources", "limits"));
        fractions(container.get("resources", "requests"));
        Set<String> names = new HashSet<>();
        for (Place env : container.items("env")) {
            if (!names.add(env.text("name"))) {
                found.add(env.path() + ": hides previous definition of \"" + env.text("name")
                        + "\", which may be dropped when using apply");
            }
        }
        Map<String, Place> ports = new HashMap<>();
        Map<String, Place> portNames = new HashMap<>();
        for (Place port : container.items("ports")) {
            String key = port.text("protocol") + " " + port.number("containerPort", 0) + " "
                    + port.number("hostPort", 0) + " " + port.text("hostIP");
            Place before = ports.putIfAbsent(key, port);
            if (before != null) {
                found.add(port.path() + ": duplicate port definition with " + before.path());
            }
            if (!port.get("name").empty()) {
                Place named = portNames.putIfAbsent(port.text("name"), port);
                if (named != null) {
                    found.add(port.path() + ": duplicate port name \"" + port.text("name") + "\" with " + named.path()
                            + ", services and probes that select ports by name will use " + named.path());
                }
            }
        }
    }

    private void fractions(Place amounts) {
        for (String name : List.of("memory", "ephemeral-storage")) {
            fraction(amounts.key(name));
        }
    }

    private void fraction(Place amount) {
        if (Quantities.isQuantity(amount.text())
                && Quantities.parse(amount.text()).stripTrailingZeros().scale() > 0) {
            found.add(
                    amount.path() + ": fractional byte value \"" + amount.text() + "\" is invalid, must be an integer");
        }
    }
}
