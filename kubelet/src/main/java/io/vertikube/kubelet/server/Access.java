package io.vertikube.kubelet.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.cache.LruMap;
import io.vertikube.client.ApiClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who calls, and whether they may: a client certificate of the cluster's authority or a bearer token that TokenReview
 * knows; then SubjectAccessReview on the node ("Kubelet authentication/authorization" in the documentation). Everything
 * that runs something is authorised as {@code create}, whatever the HTTP method. Safe for any thread; blocks.
 */
final class Access {

    private static final int REMEMBERED = 1000;

    /** A caller. Immutable. */
    record Caller(String name, String uid, List<String> groups) {

        Caller {
            groups = List.copyOf(groups);
        }
    }

    private record Question(Caller caller, String verb, String subresource) {}

    private record Verdict(boolean allowed, String reason, Instant until) {}

    private record KnownToken(Caller caller, Instant until) {}

    private final ApiClient client;
    private final String nodeName;
    private final AccessTimes times;
    private final InstantSource clock;
    private final Map<Question, Verdict> verdicts = new LruMap<>(REMEMBERED);
    private final Map<String, KnownToken> tokens = new LruMap<>(REMEMBERED);

    Access(ApiClient client, String nodeName, AccessTimes times, InstantSource clock) {
        this.client = client;
        this.nodeName = nodeName;
        this.times = times;
        this.clock = clock;
    }

    /** Throws 401, 403 or (when the API cannot be asked) 503. */
    void check(HttpServerRequest request) {
        Caller caller = caller(request).orElseThrow(() -> new HttpProblem(401, "Unauthorized"));
        String subresource = subresource(request.path());
        String verb = verb(request);
        Verdict verdict = verdict(new Question(caller, verb, subresource));
        if (!verdict.allowed()) {
            throw new HttpProblem(
                    403,
                    "Forbidden (user=" + caller.name() + ", verb=" + verb + ", resource=nodes, subresource="
                            + subresource + ")" + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason()));
        }
    }

    private Optional<Caller> caller(HttpServerRequest request) {
        Optional<Caller> byCertificate = certificate(request);
        if (byCertificate.isPresent()) {
            return byCertificate;
        }
        String header = request.getHeader("Authorization");
        return header != null && header.startsWith("Bearer ")
                ? token(header.substring("Bearer ".length()).strip())
                : Optional.empty();
    }

    private static Optional<Caller> certificate(HttpServerRequest request) {
        try {
            for (Certificate certificate : request.connection().peerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    return named(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // No certificate was shown; a token may have been.
        }
        return Optional.empty();
    }

    private static Optional<Caller> named(X509Certificate certificate) {
        String name = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    name = String.valueOf(part.getValue());
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        groups.add("system:authenticated");
        return name.isEmpty() ? Optional.empty() : Optional.of(new Caller(name, "", groups));
    }

    private Optional<Caller> token(String token) {
        Instant now = clock.instant();
        synchronized (tokens) {
            KnownToken known = tokens.get(token);
            if (known != null && known.until().isAfter(now)) {
                return Optional.of(known.caller());
            }
        }
        ObjectNode review = Json.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", token);
        JsonNode status = ask("/apis/authentication.k8s.io/v1/tokenreviews", review);
        if (!status.path("authenticated").asBoolean()) {
            return Optional.empty();
        }
        JsonNode user = status.path("user");
        List<String> groups = new ArrayList<>();
        user.path("groups").forEach(group -> groups.add(group.asText()));
        var caller = new Caller(user.path("username").asText(), user.path("uid").asText(""), groups);
        synchronized (tokens) {
            tokens.put(token, new KnownToken(caller, now.plus(times.token())));
        }
        return Optional.of(caller);
    }

    private Verdict verdict(Question question) {
        Instant now = clock.instant();
        synchronized (verdicts) {
            Verdict known = verdicts.get(question);
            if (known != null && known.until().isAfter(now)) {
                return known;
            }
        }
        ObjectNode review = Json.object();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec");
        spec.put("user", question.caller().name());
        spec.put("uid", question.caller().uid());
        question.caller().groups().forEach(spec.putArray("groups")::add);
        spec.putObject("resourceAttributes")
                .put("verb", question.verb())
                .put("version", "v1")
                .put("resource", "nodes")
                .put("subresource", question.subresource())
                .put("name", nodeName);
        JsonNode status = ask("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
        boolean allowed = status.path("allowed").asBoolean();
        String reason = status.path("reason").asText("");
        var verdict = new Verdict(allowed, reason, now.plus(allowed ? times.allowed() : times.denied()));
        synchronized (verdicts) {
            verdicts.put(question, verdict);
        }
        return verdict;
    }

    /** Posts a review and answers its status. */
    private JsonNode ask(String path, ObjectNode review) {
        try {
            return Json.tree(client.raw("POST", path, "application/json", Json.bytes(review)))
                    .path("status");
        } catch (ApiException | UnreachableException e) {
            throw new HttpProblem(503, "the API server cannot be asked who you are: " + e.getMessage());
        }
    }

    static String subresource(String path) {
        if (path.startsWith("/stats")) {
            return "stats";
        }
        if (path.startsWith("/metrics")) {
            return "metrics";
        }
        return path.startsWith("/logs") ? "log" : "proxy";
    }

    private static String verb(HttpServerRequest request) {
        String path = request.path();
        if (path.startsWith("/exec/") || path.startsWith("/attach/") || path.startsWith("/portForward/")) {
            return "create";
        }
        return switch (request.method().name()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
    }
}
