package io.vertikube.proxy.dns;

import java.time.Duration;

/**
 * What the node's DNS puts up with. Immutable.
 *
 * @param forwarded queries that wait for other servers at one time; more are answered SERVFAIL
 * @param patience how long one server is waited for
 * @param connections open TCP connections
 * @param idle how long a TCP connection may be silent
 * @param upstreams servers that are tried
 */
record DnsLimits(int forwarded, Duration patience, int connections, Duration idle, int upstreams) {

    static DnsLimits defaults() {
        return new DnsLimits(512, Duration.ofMillis(1500), 128, Duration.ofSeconds(10), 3);
    }
}
