package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The group {@code certificates.k8s.io}. Pure. */
final class CertificateColumns {

    private CertificateColumns() {}

    static void addTo(Map<String, Columns> known) {
        String group = "certificates.k8s.io/";
        known.put(
                group + "certificatesigningrequests",
                Columns.named()
                        .age()
                        .text("SignerName", "Who shall sign.", row -> row.text("spec.signerName", Row.NONE))
                        .text("Requestor", "Who asked.", row -> row.text("spec.username"))
                        .text("RequestedDuration", "How long it shall be valid.", CertificateColumns::duration)
                        .text("Condition", "What happened to it.", CertificateColumns::condition)
                        .build());
        known.put(
                group + "clustertrustbundles",
                Columns.named()
                        .text("SignerName", "Whose certificates it verifies.", row -> row.text("spec.signerName"))
                        .build());
        known.put(
                group + "podcertificaterequests",
                Columns.named()
                        .text("PodName", "Pod it is for.", row -> row.text("spec.podName"))
                        .text("ServiceAccountName", "Identity it is for.", row -> row.text("spec.serviceAccountName"))
                        .text("NodeName", "Node of the pod.", row -> row.text("spec.nodeName"))
                        .text("SignerName", "Who shall sign.", row -> row.text("spec.signerName"))
                        .build());
    }

    private static String duration(Row row) {
        return row.has("spec.expirationSeconds")
                ? HumanDuration.of(Duration.ofSeconds(row.number("spec.expirationSeconds")))
                : Row.NONE;
    }

    private static String condition(Row row) {
        Set<String> conditions = new HashSet<>();
        for (JsonNode condition : row.at("status.conditions")) {
            conditions.add(condition.path("type").asText());
        }
        String state =
                conditions.contains("Denied") ? "Denied" : conditions.contains("Approved") ? "Approved" : "Pending";
        String failed = conditions.contains("Failed") ? ",Failed" : "";
        String issued = row.text("status.certificate").isEmpty() ? "" : ",Issued";
        return state + failed + issued;
    }
}
