package io.vertikube.kubelet.server;

import io.vertx.core.http.HttpServerOptions;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * What TLS callers may speak. Immutable.
 *
 * @param protocols versions, as the platform names them
 * @param cipherSuites by their registered names; none are the platform's own choice
 */
public record TlsLimits(Set<String> protocols, List<String> cipherSuites) {

    private static final String NEWEST = "TLSv1.3";

    /** Newer than 1.1, as older ones are broken. */
    public static final TlsLimits DEFAULT = new TlsLimits(Set.of("TLSv1.2", NEWEST), List.of());

    /** Go's names of two that the registry has with their hash. */
    private static final String WITHOUT_HASH = "_WITH_CHACHA20_POLY1305";

    public TlsLimits {
        protocols = Set.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /**
     * By the names that Kubernetes has. Suites are those of TLS 1.2; TLS 1.3 keeps its own.
     *
     * @param oldest such as {@code VersionTLS12}
     * @throws IllegalArgumentException names the flag, and a version or suite that the platform does not know
     */
    public static TlsLimits of(String oldest, List<String> suites) {
        Set<String> protocols =
                switch (oldest) {
                    case "VersionTLS10", "VersionTLS11", "VersionTLS12" -> DEFAULT.protocols;
                    case "VersionTLS13" -> Set.of(NEWEST);
                    default ->
                        throw new IllegalArgumentException("--tls-min-version: unknown tls version \"" + oldest
                                + "\": it is VersionTLS12 or VersionTLS13");
                };
        return new TlsLimits(protocols, suites.isEmpty() ? List.of() : known(suites));
    }

    /** To ask the platform reads all authorities that it trusts, so nobody does who names no suite. */
    private static List<String> known(List<String> suites) {
        List<String> known =
                Arrays.asList(platform().getSupportedSSLParameters().getCipherSuites());
        var chosen = new LinkedHashSet<String>();
        for (String suite : suites) {
            String name = suite.endsWith(WITHOUT_HASH) ? suite + "_SHA256" : suite;
            if (!known.contains(name)) {
                throw new IllegalArgumentException("--tls-cipher-suites: Cipher suite " + suite
                        + " not supported or doesn't exist: it is one of " + String.join(",", known));
            }
            chosen.add(name);
        }
        return List.copyOf(chosen);
    }

    void apply(HttpServerOptions http) {
        http.setEnabledSecureTransportProtocols(protocols);
        if (!cipherSuites.isEmpty()) {
            cipherSuites.forEach(http::addEnabledCipherSuite);
            Arrays.stream(platform().getDefaultSSLParameters().getCipherSuites())
                    .filter(suite -> !suite.contains("_WITH_"))
                    .forEach(http::addEnabledCipherSuite);
        }
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this platform has no TLS", e);
        }
    }
}
