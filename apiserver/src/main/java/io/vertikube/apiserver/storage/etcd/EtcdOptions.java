package io.vertikube.apiserver.storage.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where etcd is and how to prove who we are. Immutable.
 *
 * @param endpoints one or several, {@code https://host:2379}; all with TLS or all without
 * @param tls how to speak TLS, or null for plain text
 * @param requestTimeout how long an operation is tried, over all endpoints, before it fails
 */
public record EtcdOptions(List<URI> endpoints, @Nullable Tls tls, Duration requestTimeout) {

    /**
     * PEM files. Without a certificate of our own we do not authenticate ourselves.
     *
     * @param ca who signs the servers' certificates
     */
    public record Tls(
            Path ca, @Nullable Path certificate, @Nullable Path key) {
        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "a client certificate for etcd and its key are given together or not at all");
            }
        }
    }

    public EtcdOptions {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("at least one etcd endpoint is needed, such as https://10.0.0.1:2379");
        }
        for (URI endpoint : endpoints) {
            if (endpoint.getHost() == null) {
                throw new IllegalArgumentException(
                        "\"" + endpoint + "\" is no etcd endpoint; write it as https://host:2379");
            }
            if ("https".equals(endpoint.getScheme()) != (tls != null)) {
                throw new IllegalArgumentException("the etcd endpoint " + endpoint
                        + (tls == null
                                ? " asks for TLS, which needs a CA file"
                                : " does not say https, but TLS files are given"));
            }
        }
    }

    /** With the timeout a server uses unless told otherwise. */
    public static EtcdOptions of(List<URI> endpoints, @Nullable Tls tls) {
        return new EtcdOptions(endpoints, tls, Duration.ofSeconds(10));
    }

    Optional<Tls> optionalTls() {
        return Optional.ofNullable(tls);
    }
}
