package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Pods and what is made of pods alone. Pure. */
final class PodColumns {

    private PodColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/pods",
                Columns.named()
                        .text("Ready", "Containers that are ready, of all containers.", PodColumns::ready)
                        .text(
                                "Status",
                                "What the pod is doing.",
                                pod -> PodStatus.of(pod).word())
                        .text(
                                "Restarts",
                                "How often containers were started again, and when last.",
                                PodColumns::restarts)
                        .age()
                        .wide("IP", "First address of the pod.", PodColumns::address)
                        .wide("Node", "Node that the pod is bound to.", pod -> pod.text("spec.nodeName", Row.NONE))
                        .wide(
                                "Nominated Node",
                                "Node on which room is being made for the pod.",
                                pod -> pod.text("status.nominatedNodeName", Row.NONE))
                        .wide("Readiness Gates", "Readiness gates that are open, of all.", PodColumns::gates)
                        .build());
        known.put(
                "/podtemplates",
                Columns.named()
                        .text(
                                "Containers",
                                "Names of the containers.",
                                row -> row.names("template.spec.containers", "name"))
                        .text(
                                "Images",
                                "Images of the containers.",
                                row -> row.names("template.spec.containers", "image"))
                        .text(
                                "Pod Labels",
                                "Labels that the pods get.",
                                row -> Labels.of(row.at("template.metadata.labels")))
                        .build());
    }

    private static String ready(Row pod) {
        PodStatus status = PodStatus.of(pod);
        return status.ready() + "/" + status.containers();
    }

    private static String restarts(Row pod) {
        PodStatus status = PodStatus.of(pod);
        Instant last = status.lastRestart();
        return status.restarts() == 0 || last == null
                ? Long.toString(status.restarts())
                : status.restarts() + " (" + HumanDuration.of(Duration.between(last, pod.now())) + " ago)";
    }

    private static String address(Row pod) {
        String first = pod.at("status.podIPs").path(0).path("ip").asText();
        return first.isEmpty() ? pod.text("status.podIP", Row.NONE) : first;
    }

    private static String gates(Row pod) {
        JsonNode gates = pod.at("spec.readinessGates");
        if (gates.isEmpty()) {
            return Row.NONE;
        }
        int open = 0;
        for (JsonNode gate : gates) {
            open += PodStatus.condition(pod, gate.path("conditionType").asText()) ? 1 : 0;
        }
        return open + "/" + gates.size();
    }
}
