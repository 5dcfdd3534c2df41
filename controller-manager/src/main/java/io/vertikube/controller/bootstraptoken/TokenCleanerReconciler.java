package io.vertikube.controller.bootstraptoken;

import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Removal;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Deletes one token when it has expired. Keys are the Secrets of tokens. */
public final class TokenCleanerReconciler implements Reconciler {
    private final Informer<Secret> secrets;
    private final TypedClient<Secret> client;
    private final InstantSource clock;

    TokenCleanerReconciler(ControllerContext context) {
        this.secrets = TokenSignerReconciler.tokens(context);
        this.client = context.client().of(Secret.class);
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new TokenCleanerReconciler(context);
        Controller queue = context.queue("token-cleaner-controller", workers, reconciler);
        reconciler.secrets.onChange((before, after) -> {
            if (after != null
                    && BootstrapToken.NAMESPACE.equals(after.getMetadata().getNamespace())) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Secret> found = secrets.get(key);
        Optional<Instant> end = found.flatMap(BootstrapToken::expiry).flatMap(time -> time);
        if (found.isEmpty() || end.isEmpty()) {
            return Outcome.done();
        }
        Duration left = Duration.between(clock.instant(), end.get());
        if (left.isPositive()) {
            return Outcome.again(left);
        }
        Removal.of(client, found.get());
        return Outcome.done();
    }
}
