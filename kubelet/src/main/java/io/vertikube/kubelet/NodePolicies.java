package io.vertikube.kubelet;

import io.vertikube.control.EventRate;
import io.vertikube.kubelet.cgroup.CgroupOptions;
import io.vertikube.kubelet.eviction.EvictionOptions;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.manifests.ManifestOptions;
import io.vertikube.kubelet.node.NodeOptions;
import io.vertikube.kubelet.pod.PodPolicies;
import io.vertikube.kubelet.runtime.RuntimeTimeouts;
import io.vertikube.kubelet.server.AccessTimes;
import io.vertikube.kubelet.server.LogLimits;
import io.vertikube.kubelet.server.TlsLimits;
import io.vertikube.kubelet.shutdown.ShutdownOptions;
import io.vertikube.kubelet.source.ChangeDetection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a kubelet does of its own accord for its machine. Immutable.
 *
 * @param manifests where static pods come from
 * @param eviction when pods have to go
 * @param shutdown how long pods have when the machine goes down
 * @param collection when images and ended containers go
 * @param cgroups how pods' cgroups are made
 * @param reservations what the system and the node's own services keep for themselves, by resource
 * @param node what it does with its Node
 * @param pods how pods' containers are started
 * @param runtime how long it waits for the runtime
 * @param logs how large containers' logs get
 * @param systemLogs folder of the machine's own logs, where callers may read them
 * @param volumeStats how long a volume's measures are good; below zero volumes are not measured
 * @param tls what callers of its server may speak
 * @param access how long what the API said of them is believed
 * @param events how fast it tells of what happens
 * @param changeDetection how it learns that a ConfigMap or Secret changed
 */
public record NodePolicies(
        ManifestOptions manifests,
        EvictionOptions eviction,
        ShutdownOptions shutdown,
        CollectionOptions collection,
        NodeOptions node,
        PodPolicies pods,
        RuntimeTimeouts runtime,
        LogLimits logs,
        Optional<Path> systemLogs,
        Duration volumeStats,
        TlsLimits tls,
        AccessTimes access,
        EventRate events,
        List<Map<String, String>> reservations,
        ChangeDetection changeDetection,
        CgroupOptions cgroups) {

    public NodePolicies {
        reservations = reservations.stream().map(Map::copyOf).toList();
    }

    /** Quantities of a resource that pods do not get. */
    public List<String> reserved(String resource) {
        return reservations.stream()
                .map(each -> each.get(resource))
                .filter(Objects::nonNull)
                .toList();
    }

    /** No static pods, no thresholds, no watches. */
    public static final NodePolicies NONE = new NodePolicies(
            ManifestOptions.NONE,
            EvictionOptions.NONE,
            ShutdownOptions.NONE,
            CollectionOptions.DEFAULT,
            NodeOptions.DEFAULT,
            PodPolicies.DEFAULT,
            RuntimeTimeouts.DEFAULT,
            LogLimits.DEFAULT,
            Optional.empty(),
            Duration.ofMinutes(1),
            TlsLimits.DEFAULT,
            AccessTimes.DEFAULT,
            EventRate.DEFAULT,
            List.of(),
            ChangeDetection.CACHE,
            CgroupOptions.DEFAULT);

    /** The same with other static pods. */
    public NodePolicies with(ManifestOptions others) {
        return with(others, eviction, shutdown, node, pods, changeDetection);
    }

    /** The same, learning of ConfigMaps and Secrets in another way. */
    public NodePolicies with(ChangeDetection other) {
        return with(manifests, eviction, shutdown, node, pods, other);
    }

    /** The same with another way with its Node. */
    public NodePolicies with(NodeOptions other) {
        return with(manifests, eviction, shutdown, other, pods, changeDetection);
    }

    /** The same, starting pods' containers in another way. */
    public NodePolicies with(PodPolicies others) {
        return with(manifests, eviction, shutdown, node, others, changeDetection);
    }

    /** The same with other thresholds. */
    public NodePolicies with(EvictionOptions other) {
        return with(manifests, other, shutdown, node, pods, changeDetection);
    }

    /** The same with another time for pods when the machine goes down. */
    public NodePolicies with(ShutdownOptions other) {
        return with(manifests, eviction, other, node, pods, changeDetection);
    }

    private NodePolicies with(
            ManifestOptions statics,
            EvictionOptions thresholds,
            ShutdownOptions ending,
            NodeOptions itself,
            PodPolicies starts,
            ChangeDetection changes) {
        return new NodePolicies(
                statics,
                thresholds,
                ending,
                collection,
                itself,
                starts,
                runtime,
                logs,
                systemLogs,
                volumeStats,
                tls,
                access,
                events,
                reservations,
                changes,
                cgroups);
    }
}
