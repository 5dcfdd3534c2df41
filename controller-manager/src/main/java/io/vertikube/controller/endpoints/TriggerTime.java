package io.vertikube.controller.endpoints;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When that changed which made endpoints change: the Service came, or a pod became ready or no longer was. It is told in an
 * annotation of what is written, so that whoever routes can say how long all of it took. Pure.
 */
public final class TriggerTime {

    /** Of Endpoints and EndpointSlices; a time of RFC 3339. */
    public static final String ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";

    private TriggerTime() {}

    /** The first change that those who were written before do not tell of; absent if they tell of all. */
    static Optional<Instant> of(Service service, List<Pod> pods, Collection<? extends HasMetadata> before) {
        Instant told = before.stream()
                .flatMap(object -> told(object).stream())
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        Stream<String> changes = Stream.concat(
                Stream.of(Fields.text(service.getMetadata().getCreationTimestamp())),
                pods.stream()
                        .flatMap(pod -> Pods.condition(pod, "Ready").stream())
                        .map(PodCondition::getLastTransitionTime)
                        .map(Fields::text));
        return changes.filter(time -> !time.isEmpty())
                .map(Fields::instant)
                .filter(told::isBefore)
                .min(Instant::compareTo);
    }

    /** Tells of it in what is about to be written; what was told before it is no longer. */
    public static void tell(
            Service service,
            List<Pod> pods,
            Collection<? extends HasMetadata> before,
            Collection<? extends HasMetadata> written) {
        Optional<Instant> trigger = of(service, pods, before);
        for (HasMetadata object : written) {
            Map<String, String> annotations =
                    new HashMap<>(Fields.map(object.getMetadata().getAnnotations()));
            annotations.remove(ANNOTATION);
            trigger.ifPresent(time -> annotations.put(ANNOTATION, time.toString()));
            object.getMetadata().setAnnotations(annotations);
        }
    }

    /** What nobody of ours wrote is nothing that was told. */
    private static Optional<Instant> told(HasMetadata object) {
        String time = Fields.map(object.getMetadata().getAnnotations()).get(ANNOTATION);
        try {
            return Optional.ofNullable(time).map(Fields::instant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
