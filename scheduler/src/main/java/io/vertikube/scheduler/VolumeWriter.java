package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.vertikube.client.ApiClient;
import io.vertikube.client.Pace;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.plugin.VolumeBinding;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Tells claims that wait for their first consumer where it goes, and waits until they are bound. Runs on the virtual
 * thread of one binding.
 */
final class VolumeWriter {

    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final TypedClient<PersistentVolumeClaim> claims;
    private final Surroundings surroundings;
    private final Pace pace;

    VolumeWriter(ApiClient api, Surroundings surroundings) {
        this.claims = api.of(PersistentVolumeClaim.class);
        this.surroundings = surroundings;
        this.pace = api.pace();
    }

    /** @throws IllegalStateException if a claim is not bound in time */
    void bindFor(PodView pod, String node) throws InterruptedException {
        List<ObjectKey> waiting = VolumeBinding.waitingClaims(pod, surroundings);
        if (waiting.isEmpty()) {
            return;
        }
        byte[] patch = Json.bytes(Map.of("metadata", Map.of("annotations", Map.of(SELECTED_NODE, node))));
        for (ObjectKey key : waiting) {
            claims.patch(key.namespace(), key.name(), PatchType.MERGE, patch, null);
        }
        for (long left = PATIENCE.dividedBy(LOOK_EVERY); left > 0; left--) {
            if (VolumeBinding.waitingClaims(pod, surroundings).isEmpty()) {
                return;
            }
            pace.sleep(LOOK_EVERY);
        }
        throw new IllegalStateException("binding volumes: timed out waiting for " + waiting);
    }
}
