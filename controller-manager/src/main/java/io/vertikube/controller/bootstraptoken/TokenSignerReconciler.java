package io.vertikube.controller.bootstraptoken;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.cache.Informer;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs ConfigMap {@code kube-public/cluster-info} with every token that may. Its one key is that map. */
public final class TokenSignerReconciler implements Reconciler {
    static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");

    private final Informer<Secret> secrets;
    private final Informer<ConfigMap> maps;
    private final TypedClient<ConfigMap> client;
    private final InstantSource clock;

    TokenSignerReconciler(ControllerContext context) {
        this.secrets = tokens(context);
        this.maps = context.informer(ConfigMap.class, ListOptions.fields("metadata.name=" + CLUSTER_INFO.name()));
        this.client = context.client().of(ConfigMap.class);
        this.clock = context.clock();
    }

    static Informer<Secret> tokens(ControllerContext context) {
        return context.informer(Secret.class, ListOptions.fields("type=" + BootstrapToken.TYPE));
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new TokenSignerReconciler(context);
        Controller queue = context.queue("bootstrap-signer-controller", workers, reconciler);
        reconciler.secrets.onChange((before, after) -> queue.enqueue(CLUSTER_INFO));
        reconciler.maps.onChange((before, after) -> {
            if (after != null && ObjectKey.of(after).equals(CLUSTER_INFO)) {
                queue.enqueue(CLUSTER_INFO);
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<ConfigMap> info = maps.get(CLUSTER_INFO);
        if (info.isEmpty()) {
            return Outcome.done();
        }
        Instant now = clock.instant();
        List<BootstrapToken> tokens = secrets.list(BootstrapToken.NAMESPACE).stream()
                .flatMap(secret -> BootstrapToken.of(secret).stream())
                .filter(token -> token.signs() && !token.expiredAt(now))
                .toList();
        Map<String, String> data = Fields.map(info.get().getData());
        Map<String, String> signed = Signatures.signed(data, tokens);
        if (!signed.equals(data)) {
            client.update(new ConfigMapBuilder(info.get()).withData(signed).build());
        }
        return tokens.stream()
                .flatMap(token -> token.expires().stream())
                .min(Comparator.naturalOrder())
                .map(end -> Outcome.again(Duration.between(now, end)))
                .orElseGet(Outcome::done);
    }
}
