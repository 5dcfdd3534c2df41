package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A pod's quality of service ("Pod Quality of Service Classes" in the Kubernetes documentation). Pure. */
final class PodQuality {

    private PodQuality() {}

    static String of(JsonNode spec) {
        var containers = new ArrayList<JsonNode>();
        spec.path("initContainers").forEach(containers::add);
        spec.path("containers").forEach(containers::add);
        boolean anything = false;
        boolean guaranteed = true;
        for (JsonNode container : containers) {
            for (String resource : List.of("cpu", "memory")) {
                BigDecimal limit = amount(container, "limits", resource);
                BigDecimal request = amount(container, "requests", resource);
                anything |= limit.signum() > 0 || request.signum() > 0;
                guaranteed &= limit.signum() > 0 && limit.compareTo(request) == 0;
            }
        }
        if (!anything) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }

    private static BigDecimal amount(JsonNode container, String which, String resource) {
        String text = Trees.text(container, "resources", which, resource);
        return text.isEmpty() || !Quantities.isQuantity(text) ? BigDecimal.ZERO : Quantities.parse(text);
    }
}
