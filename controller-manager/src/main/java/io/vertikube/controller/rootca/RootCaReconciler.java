package io.vertikube.controller.rootca;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.Namespaces;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps ConfigMap {@code kube-root-ca.crt} of a namespace equal to the cluster's root certificate. Keys are namespaces. */
public final class RootCaReconciler implements Reconciler {
    static final String NAME = "kube-root-ca.crt";
    private static final String DESCRIPTION = "kubernetes.io/description";
    private static final String WORDS =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as"
                    + " the internal service IP or kubernetes.default.svc. No other usage is guaranteed across"
                    + " distributions of Kubernetes clusters.";

    private final Informer<Namespace> namespaces;
    private final Informer<ConfigMap> maps;
    private final TypedClient<ConfigMap> client;
    private final Map<String, String> wanted;

    RootCaReconciler(ControllerContext context, String rootCaPem) {
        this.namespaces = context.informer(Namespace.class);
        this.maps = context.informer(ConfigMap.class, ListOptions.fields("metadata.name=" + NAME));
        this.client = context.client().of(ConfigMap.class);
        this.wanted = Map.of("ca.crt", rootCaPem);
    }

    /** @param rootCaPem the certificates to publish, PEM */
    public static ManagedController controller(ControllerContext context, int workers, String rootCaPem) {
        var reconciler = new RootCaReconciler(context, rootCaPem);
        Controller queue = context.queue("root-ca-certificate-publisher-controller", workers, reconciler);
        Namespaces.enqueueChanged(reconciler.namespaces, queue);
        reconciler.maps.onChange((before, after) -> {
            ConfigMap map = after == null ? before : after;
            if (map != null && NAME.equals(map.getMetadata().getName())) {
                queue.enqueue(ObjectKey.cluster(map.getMetadata().getNamespace()));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!Namespaces.active(namespaces.get(key))) {
            return Outcome.done();
        }
        Optional<ConfigMap> current = maps.get(new ObjectKey(key.name(), NAME));
        try {
            if (current.isEmpty()) {
                client.create(published(new ConfigMapBuilder()
                        .withMetadata(new ObjectMetaBuilder()
                                .withName(NAME)
                                .withNamespace(key.name())
                                .build())
                        .build()));
            } else {
                ConfigMap next = published(current.get());
                if (!next.equals(current.get())) {
                    client.update(next);
                }
            }
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists() && !refused.isNotFound() && !PodWrites.namespaceLeaves(refused)) {
                throw refused;
            }
        }
        return Outcome.done();
    }

    private ConfigMap published(ConfigMap map) {
        var annotations = new HashMap<>(Fields.map(map.getMetadata().getAnnotations()));
        annotations.put(DESCRIPTION, WORDS);
        return new ConfigMapBuilder(map)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .withData(wanted)
                .build();
    }
}
