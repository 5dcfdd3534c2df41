package io.vertikube.proxy.rules;

import java.util.Comparator;

/**
 * One address behind a Service port. Immutable.
 *
 * @param local whether it is on this node
 * @param hint for whom it is meant first
 */
record Backend(
        String address, int port, boolean ready, boolean serving, boolean terminating, boolean local, Hint hint) {

    /** What an endpoint's hints say of this node. */
    enum Hint {
        THIS_NODE,
        THIS_ZONE,
        OTHERS,
        NONE
    }

    static final Comparator<Backend> ORDER =
            Comparator.comparing(Backend::address).thenComparingInt(Backend::port);

    /** As a value of a map whose data is an address and a port. */
    String target() {
        return address + " . " + port;
    }
}
