package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** The group {@code metrics.k8s.io}: what "kubectl get nodes.metrics" shows. Pure. */
final class MetricsColumns {

    private MetricsColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put("metrics.k8s.io/nodes", columns());
        known.put("metrics.k8s.io/pods", columns());
    }

    private static Columns columns() {
        return Columns.named()
                .text("CPU", "Cores used.", row -> Quantities.decimalForm(sum(row, "cpu")))
                .text("Memory", "Working set.", row -> Quantities.binaryForm(bytes(sum(row, "memory"))))
                .text("Window", "How long it was measured.", row -> row.text("window"))
                .build();
    }

    private static BigInteger bytes(BigDecimal sum) {
        return sum.toBigInteger();
    }

    /** A node's own figure, or that of all containers of a pod. */
    private static BigDecimal sum(Row row, String resource) {
        BigDecimal sum = quantity(row.at("usage").path(resource));
        for (JsonNode container : row.at("containers")) {
            sum = sum.add(quantity(container.path("usage").path(resource)));
        }
        return sum;
    }

    private static BigDecimal quantity(JsonNode value) {
        return value.isTextual() ? Quantities.parse(value.asText()) : BigDecimal.ZERO;
    }
}
