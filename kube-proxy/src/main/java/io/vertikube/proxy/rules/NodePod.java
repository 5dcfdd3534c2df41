package io.vertikube.proxy.rules;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a pod on this node matters to the rules: its host ports, its address, and whether it holds them. Nothing else of it is
 * read, as every pod's every change is told and hardly any has a host port. Mutable while it is read, then left alone.
 */
@Group("")
@Version("v1")
@Kind("Pod")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class NodePod implements HasMetadata {
    private static final long serialVersionUID = 1L;

    private ObjectMeta metadata = new ObjectMeta();
    private String apiVersion = "v1";
    private String kind = "Pod";
    private Spec spec = Spec.NONE;
    private Status status = Status.NONE;

    /** Of its spec. Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Spec(boolean hostNetwork, List<Part> containers, List<Part> initContainers)
            implements java.io.Serializable {
        private static final Spec NONE = new Spec(false, List.of(), List.of());

        public Spec {
            containers = containers == null ? List.of() : List.copyOf(containers);
            initContainers = initContainers == null ? List.of() : List.copyOf(initContainers);
        }
    }

    /** A container. Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Part(@Nullable String restartPolicy, List<Port> ports) implements java.io.Serializable {

        public Part {
            ports = ports == null ? List.of() : List.copyOf(ports);
        }
    }

    /** A port of a container; {@code hostPort} is 0 for one that the node does not have. Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Port(
            int containerPort,
            int hostPort,
            @Nullable String hostIP,
            @Nullable String protocol) implements java.io.Serializable {}

    /** Of its status. Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Status(@Nullable String phase, @Nullable String podIP) implements java.io.Serializable {
        private static final Status NONE = new Status(null, null);
    }

    /** Whether what changed between two sightings of one pod matters to the rules. */
    public static boolean touchRules(@Nullable NodePod before, @Nullable NodePod after) {
        NodePod any = after == null ? before : after;
        if (any == null || any.hostPorts().isEmpty()) {
            return false;
        }
        return before == null
                || after == null
                || !before.status.equals(after.status)
                || before.isEnding() != after.isEnding();
    }

    /** The ports of the node that belong to it while it runs. */
    List<Port> hostPorts() {
        List<Port> result = new ArrayList<>();
        spec.containers.forEach(container -> add(result, container));
        spec.initContainers.stream()
                .filter(init -> "Always".equals(init.restartPolicy))
                .forEach(sidecar -> add(result, sidecar));
        return result;
    }

    private static void add(List<Port> result, Part container) {
        container.ports.stream().filter(port -> port.hostPort > 0).forEach(result::add);
    }

    boolean isEnding() {
        return metadata.getDeletionTimestamp() != null;
    }

    /** Its IPv4 address while it has one and holds its ports, else empty. */
    String address() {
        String address = Objects.requireNonNullElse(status.podIP, "");
        boolean holds = address.indexOf(':') < 0
                && !spec.hostNetwork
                && !"Succeeded".equals(status.phase)
                && !"Failed".equals(status.phase);
        return holds ? address : "";
    }

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata;
    }

    @Override
    public String getApiVersion() {
        return apiVersion;
    }

    @Override
    public void setApiVersion(String apiVersion) {
        this.apiVersion = apiVersion;
    }

    @Override
    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    public Spec getSpec() {
        return spec;
    }

    public void setSpec(Spec spec) {
        this.spec = spec;
    }

    public Status getStatus() {
        return status;
    }

    public void setStatus(Status status) {
        this.status = status;
    }
}
