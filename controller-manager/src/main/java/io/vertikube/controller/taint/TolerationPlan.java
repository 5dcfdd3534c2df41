package io.vertikube.controller.taint;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.Tolerations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How long a pod may stay on a node with NoExecute taints. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/">Taints and Tolerations</a>
 */
sealed interface TolerationPlan {
    /** It may stay as long as it likes. */
    record Stay() implements TolerationPlan {}

    /** It must go, now or at a time. */
    record Leave(Instant at) implements TolerationPlan {}

    /** @param seenAt since when the taints have been known, for those that do not say */
    static TolerationPlan of(List<Taint> taints, List<Toleration> tolerations, Instant seenAt) {
        Instant soonest = Instant.MAX;
        for (Taint taint : taints) {
            if (!"NoExecute".equals(taint.getEffect())) {
                continue;
            }
            Optional<Toleration> toleration = tolerations.stream()
                    .filter(t -> Tolerations.tolerates(t, taint))
                    .findFirst();
            if (toleration.isEmpty()) {
                return new Leave(seenAt);
            }
            Long seconds = toleration.get().getTolerationSeconds();
            if (seconds != null) {
                Instant since =
                        Fields.text(taint.getTimeAdded()).isEmpty() ? seenAt : Fields.instant(taint.getTimeAdded());
                Instant at = since.plusSeconds(Math.max(0, seconds));
                soonest = at.isBefore(soonest) ? at : soonest;
            }
        }
        return soonest.equals(Instant.MAX) ? new Stay() : new Leave(soonest);
    }
}
