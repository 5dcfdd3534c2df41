package io.vertikube.kubelet;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.client.ApiClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.eviction.NodeSignals;
import io.vertikube.kubelet.images.PullRecords;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;

/**
 * What every part of a kubelet stands on. Immutable.
 *
 * @param addresses this machine's, as others reach it
 * @param signals what the machine has left
 * @param pulled which images this node pulled, and for whom
 * @param owned what is closed with the kubelet
 * @param switchboard ties parts that are made later
 */
record Ground(
        Vertx vertx,
        KubeletOptions options,
        MeterRegistry meters,
        ApiClient client,
        ContainerRuntime runtime,
        Machine machine,
        List<String> addresses,
        NodeSignals signals,
        PullRecords pulled,
        EventRecorder recorder,
        OwnedParts owned,
        Switchboard switchboard,
        InstantSource clock) {

    Ground {
        addresses = List.copyOf(addresses);
    }

    <T extends AutoCloseable> T own(T part) {
        return owned.own(part);
    }
}
