package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The conditions of an autoscaler while it is looked at. Confined to one look. */
final class AutoscalerConditions {

    private final List<HorizontalPodAutoscalerCondition> list;
    private final Instant now;

    AutoscalerConditions(HorizontalPodAutoscaler autoscaler, Instant now) {
        this.list = new ArrayList<>(Fields.list(
                autoscaler.getStatus() == null ? null : autoscaler.getStatus().getConditions()));
        this.now = now;
    }

    /** The time of a condition is that of its last change of status. */
    void set(String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        for (int i = 0; i < list.size(); i++) {
            HorizontalPodAutoscalerCondition before = list.get(i);
            if (before.getType().equals(type)) {
                String since = text.equals(before.getStatus()) ? before.getLastTransitionTime() : Fields.time(now);
                list.set(i, new HorizontalPodAutoscalerCondition(since, message, reason, text, type));
                return;
            }
        }
        list.add(new HorizontalPodAutoscalerCondition(Fields.time(now), message, reason, text, type));
    }

    List<HorizontalPodAutoscalerCondition> list() {
        return List.copyOf(list);
    }
}
