package io.vertikube.kubelet.runtime;

/** Which pod a sandbox belongs to. Immutable. */
public record PodIdentity(String namespace, String name, String uid) {

    @Override
    public String toString() {
        return namespace + "/" + name + "(" + uid + ")";
    }
}
