package io.vertikube.kubelet.runtime;

/** Which system calls are left; {@code path} is set for LOCALHOST only. Immutable. */
public record SeccompProfile(Type type, String path) {

    public enum Type {
        RUNTIME_DEFAULT,
        UNCONFINED,
        LOCALHOST
    }

    public static final SeccompProfile UNCONFINED = new SeccompProfile(Type.UNCONFINED, "");
    public static final SeccompProfile RUNTIME_DEFAULT = new SeccompProfile(Type.RUNTIME_DEFAULT, "");
}
