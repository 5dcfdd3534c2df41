package io.vertikube.proxy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.rules.NodePod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Objects for tests: Services, their endpoints, pods with host ports. */
public final class Cluster {

    public static final String NODE = "n1";

    public final List<Service> services = new ArrayList<>();
    public final Map<ObjectKey, List<EndpointSlice>> slices = new HashMap<>();
    public final List<NodePod> pods = new ArrayList<>();

    /** A Service of one port 80 (name http), in namespace default. */
    public Cluster service(String name, String clusterIp, Consumer<ServiceBuilder> more) {
        var builder = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP(clusterIp)
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(80)
                .endPort()
                .endSpec();
        more.accept(builder);
        services.add(builder.build());
        return this;
    }

    public Cluster service(String name, String clusterIp) {
        return service(name, clusterIp, b -> {});
    }

    /** Endpoints of a Service as {@code address} or {@code address@node}, with {@code !} before one that is not ready. */
    public Cluster endpoints(String name, int port, String... addresses) {
        return endpoints(name, "http", "TCP", port, addresses);
    }

    public Cluster endpoints(String name, String portName, String protocol, int port, String... addresses) {
        var builder = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name + "-" + slices.size())
                .addToLabels("kubernetes.io/service-name", name)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName(portName)
                .withProtocol(protocol)
                .withPort(port)
                .endPort();
        for (String text : addresses) {
            boolean ready = !text.startsWith("!") && !text.startsWith("~");
            boolean ending = text.startsWith("~");
            String[] parts = text.replaceFirst("^[!~]", "").split("@", -1);
            builder.addToEndpoints(new EndpointBuilder()
                    .withAddresses(parts[0])
                    .withNodeName(parts.length > 1 ? parts[1] : "n2")
                    .withNewConditions()
                    .withReady(ready)
                    .withServing(ready || ending)
                    .withTerminating(ending)
                    .endConditions()
                    .build());
        }
        slices.computeIfAbsent(new ObjectKey("default", name), k -> new ArrayList<>())
                .add(builder.build());
        return this;
    }

    private static NodePod read(Pod pod) {
        return Json.read(Json.bytes(pod), NodePod.class);
    }

    /** A running pod on the node with one host port. */
    public Cluster hostPort(
            String name, String address, int containerPort, int hostPort, String hostIp, String protocol) {
        pods.add(read(new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(NODE)
                .addNewContainer()
                .withName("c")
                .addNewPort()
                .withContainerPort(containerPort)
                .withHostPort(hostPort)
                .withHostIP(hostIp)
                .withProtocol(protocol)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .endStatus()
                .build()));
        return this;
    }
}
