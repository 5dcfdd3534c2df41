package io.vertikube.kubelet.runtime;

/** Which runtime answers, such as {@code containerd} {@code 1.6.20}. Immutable. */
public record RuntimeVersion(String name, String version) {

    /** As the node's status shows it. */
    public String nodeText() {
        return name + "://" + version;
    }
}
