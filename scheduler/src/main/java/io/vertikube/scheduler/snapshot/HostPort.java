package io.vertikube.scheduler.snapshot;

/**
 * A port that a pod takes of its node. Immutable.
 *
 * @param address the node's address it is taken on, {@code 0.0.0.0} for all
 */
public record HostPort(String address, String protocol, int port) {

    private static final String ALL = "0.0.0.0";

    static HostPort of(
            @org.jspecify.annotations.Nullable String address,
            @org.jspecify.annotations.Nullable String protocol,
            int port) {
        return new HostPort(
                address == null || address.isEmpty() ? ALL : address,
                protocol == null || protocol.isEmpty() ? "TCP" : protocol,
                port);
    }

    /** Whether two cannot be had on one node. */
    public boolean collidesWith(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.equals(other.address) || address.equals(ALL) || other.address.equals(ALL));
    }
}
