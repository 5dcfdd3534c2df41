package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.cache.Informer;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.kubelet.source.ApiConfigSource;
import io.vertikube.kubelet.source.ChangeDetection;
import io.vertikube.kubelet.source.ConfigWatches;
import io.vertikube.object.ObjectKey;
import java.util.Map;
import java.util.Optional;

/** What the API says of this node's pods and their surroundings, kept up to date by watches. Safe for any thread. */
final class ApiViews {

    private final Informer<Pod> pods;
    private final Informer<Service> services;
    private final Informer<Node> nodes;
    private final ConfigSource configs;

    ApiViews(Ground ground) {
        var client = ground.client();
        ChangeDetection detection = ground.options().policies().changeDetection();
        var fetched = new ApiConfigSource(client, ground.clock(), detection.remembered());
        Optional<ConfigWatches> watches = detection == ChangeDetection.WATCH
                ? Optional.of(ground.own(new ConfigWatches(client, fetched, ground.switchboard()::wakePod)))
                : Optional.empty();
        this.configs = watches.<ConfigSource>map(watched -> watched).orElse(fetched);
        this.pods = ground.own(Informer.create(
                client,
                Pod.class,
                "",
                ListOptions.fields("spec.nodeName=" + ground.options().hostname())));
        watches.ifPresent(watched -> pods.onChange(watched::podChanged));
        this.services = ground.own(Informer.create(client, Service.class, "", ListOptions.all()));
        this.nodes = ground.own(Informer.create(client, Node.class, "", ListOptions.all()));
    }

    void start() {
        pods.start();
        services.start();
        nodes.start();
    }

    /** Pods that the API has on this node, mirrors among them. */
    Informer<Pod> pods() {
        return pods;
    }

    Informer<Service> services() {
        return services;
    }

    Informer<Node> nodes() {
        return nodes;
    }

    ConfigSource configs() {
        return configs;
    }

    /** Where the API shows a pod's status: for a static pod in its mirror. */
    Optional<Pod> shown(Pod pod) {
        return PodOrigin.isStatic(pod)
                ? pods.get(ObjectKey.of(pod)).filter(mirror -> PodOrigin.isMirrorOf(mirror, pod))
                : Optional.of(pod);
    }

    Map<String, String> annotations(String podUid) {
        return pods.list().stream()
                .filter(pod -> pod.getMetadata().getUid().equals(podUid))
                .findFirst()
                .map(pod -> pod.getMetadata().getAnnotations())
                .orElse(Map.of());
    }
}
