package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.authn.Authenticator;
import io.vertikube.apiserver.authn.Credentials;
import io.vertikube.apiserver.authn.Impersonation;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PeerCertificates;
import io.vertikube.object.ApiErrors;
import io.vertikube.service.HealthChecks;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Finds out who calls, from the TLS connection and the headers. A connection's certificate is verified once. Safe for
 * any thread.
 */
final class Callers {

    /** What a connection's handshake showed: no certificate, one that counts, or one that does not. */
    private record Shown(List<X509Certificate> chain, boolean trusted) {}

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final PeerCertificates peers;
    private final Map<HttpConnection, Shown> connections = new ConcurrentHashMap<>();

    Callers(Authenticator authenticator, Authorizer authorizer, PeerCertificates peers) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.peers = peers;
    }

    /**
     * The user the request is made as, impersonation included; 401 or 403 if that cannot be. Whether the server is healthy
     * is told to everybody, so that whoever watches over it needs no identity.
     */
    UserInfo identify(Call call) {
        Shown shown = shown(call);
        String token = bearerToken(call);
        if (!shown.trusted && token.isEmpty()) {
            throw ApiErrors.unauthorized();
        }
        var credentials = new Credentials(shown.trusted ? shown.chain : List.of(), token);
        Optional<UserInfo> known = authenticator.authenticate(credentials);
        if (known.isEmpty()
                && credentials.isEmpty()
                && HealthChecks.isHealthPath(call.info().path())) {
            return UserInfo.ANONYMOUS;
        }
        UserInfo user = known.orElseThrow(ApiErrors::unauthorized);
        call.caller(user);
        return Impersonation.apply(user, impersonation(call), authorizer);
    }

    /** An upgrade takes its connection away from HTTP, which then never says that it is closed: nothing is kept of it. */
    private Shown shown(Call call) {
        HttpConnection connection = call.request().connection();
        Shown known = connections.get(connection);
        if (known == null) {
            List<X509Certificate> chain = chain(connection);
            known = new Shown(chain, chain.isEmpty() || peers.trusts(chain));
            if (call.header("Upgrade").isEmpty()) {
                connections.put(connection, known);
                connection.closeHandler(v -> connections.remove(connection));
            }
        }
        return known;
    }

    private static List<X509Certificate> chain(HttpConnection connection) {
        try {
            var chain = new ArrayList<X509Certificate>();
            for (Certificate certificate :
                    Optional.ofNullable(connection.peerCertificates()).orElse(List.of())) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static String bearerToken(Call call) {
        String header = call.header("Authorization");
        return header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).strip()
                : "";
    }

    private static Map<String, List<String>> impersonation(Call call) {
        var headers = new HashMap<String, List<String>>();
        for (Map.Entry<String, String> header : call.request().headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("impersonate-")) {
                headers.computeIfAbsent(name, n -> new ArrayList<>()).add(header.getValue());
            }
        }
        return headers;
    }
}
