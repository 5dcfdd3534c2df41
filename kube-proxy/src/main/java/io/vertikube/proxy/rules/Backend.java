package io.vertikube.proxy.rules;

import java.util.Comparator;

/**
 * One address behind a Service port. Immutable.
 *
 * @param local whether it is on this node
 */
record Backend(String address, int port, boolean ready, boolean serving, boolean terminating, boolean local) {

    static final Comparator<Backend> ORDER =
            Comparator.comparing(Backend::address).thenComparingInt(Backend::port);

    /** As a value of a map whose data is an address and a port. */
    String target() {
        return address + " . " + port;
    }
}
