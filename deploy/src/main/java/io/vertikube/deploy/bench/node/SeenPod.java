package io.vertikube.deploy.bench.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a pod is waited for, and nothing else: whoever looks on runs on the machine that is measured. Mutable while it is
 * read, then left alone.
 */
@Group("")
@Version("v1")
@Kind("Pod")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class SeenPod implements HasMetadata {
    private static final long serialVersionUID = 1L;

    private ObjectMeta metadata = new ObjectMeta();
    private String apiVersion = "v1";
    private Status status = new Status("", List.of());

    /** Of its status. Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Status(@Nullable String phase, List<Condition> conditions) implements java.io.Serializable {

        public Status {
            conditions = conditions == null ? List.of() : List.copyOf(conditions);
        }
    }

    /** Immutable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Condition(String type, String status) implements java.io.Serializable {}

    boolean isRunning() {
        return "Running".equals(status.phase);
    }

    boolean isReady() {
        return status.conditions.contains(new Condition("Ready", "True"));
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

    public Status getStatus() {
        return status;
    }

    public void setStatus(Status status) {
        this.status = status;
    }
}
