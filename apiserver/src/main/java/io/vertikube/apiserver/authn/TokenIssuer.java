package io.vertikube.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jwt.JWTClaimsSet;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import io.vertikube.object.Gvr;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Issues tokens for TokenRequest and tells others how to verify them (OpenID Connect Discovery 1.0, RFC 7517). Blocks
 * for a fresh read, so call it from virtual threads; safe for any.
 */
public final class TokenIssuer {

    private static final Gvk KIND = new Gvk("authentication.k8s.io", "v1", "TokenRequest");
    private static final long MIN_SECONDS = 600;
    private static final long MAX_SECONDS = 1L << 32;
    private static final int DEFAULT_SECONDS = 3600;

    private final TokenKeys keys;
    private final String issuer;
    private final List<String> audiences;
    private final ObjectStorage storage;
    private final InstantSource clock;

    public TokenIssuer(
            TokenKeys keys, String issuer, List<String> audiences, ObjectStorage storage, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audiences = audiences.isEmpty() ? List.of(issuer) : List.copyOf(audiences);
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * Answers a TokenRequest for a service account: the request's tree with {@code status} set.
     *
     * @param request the decoded body; changed in place
     */
    public ObjectNode issue(String namespace, String account, ObjectNode request) {
        Snapshot snapshot = storage.snapshot(Read.latest());
        StoredObject serviceAccount = snapshot.get("/registry/core/serviceaccounts/" + namespace + "/" + account)
                .orElseThrow(() -> ApiErrors.notFound(new Gvr("", "v1", "serviceaccounts"), account));
        ObjectNode spec = Trees.object(request, "spec");
        if (spec.path("audiences").isEmpty()) {
            spec.set("audiences", Trees.arrayOf(audiences));
        }
        Trees.setIfAbsent(spec, "expirationSeconds", DEFAULT_SECONDS);
        long seconds = spec.path("expirationSeconds").asLong();
        check(account, seconds);
        stated(namespace, account, request);

        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Map<String, Object> kubernetes = new HashMap<>();
        kubernetes.put("namespace", namespace);
        kubernetes.put("serviceaccount", new TokenClaims.Ref(account, serviceAccount.uid()).toMap());
        bind(snapshot, namespace, account, spec.path("boundObjectRef"), kubernetes);
        Instant expires = now.plusSeconds(seconds);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(TokenClaims.PREFIX + namespace + ":" + account)
                .audience(Trees.texts(spec.path("audiences")))
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(expires))
                .jwtID(UUID.randomUUID().toString())
                .claim(TokenClaims.CLAIM, kubernetes)
                .build();
        ObjectNode status = request.putObject("status");
        status.put("token", sign(claims));
        status.put("expirationTimestamp", expires.toString());
        Trees.object(request, "metadata").put("name", account).put("namespace", namespace);
        return request;
    }

    /** {@code /openid/v1/jwks}. */
    public Map<String, Object> jwks() {
        return Map.of("keys", keys.jwks());
    }

    /** {@code /.well-known/openid-configuration}. */
    public Map<String, Object> discovery(String jwksUri) {
        var document = new LinkedHashMap<String, Object>();
        document.put("issuer", issuer);
        document.put("jwks_uri", jwksUri);
        document.put("response_types_supported", List.of("id_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", keys.algorithms());
        return document;
    }

    /** A request that names another account than its path does is a mistake. */
    private static void stated(String namespace, String account, ObjectNode request) {
        String name = Trees.text(request, "metadata", "name");
        String place = Trees.text(request, "metadata", "namespace");
        if (!name.isEmpty() && !name.equals(account)) {
            throw ApiErrors.invalid(
                    KIND,
                    account,
                    List.of(FieldError.invalid(
                            "metadata.name", name, "must match the service account name if specified")));
        }
        if (!place.isEmpty() && !place.equals(namespace)) {
            throw ApiErrors.invalid(
                    KIND,
                    account,
                    List.of(FieldError.invalid(
                            "metadata.namespace", place, "must match the service account namespace if specified")));
        }
    }

    private static void check(String account, long seconds) {
        if (seconds < MIN_SECONDS) {
            throw ApiErrors.invalid(
                    KIND,
                    account,
                    List.of(FieldError.invalid(
                            "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")));
        }
        if (seconds > MAX_SECONDS) {
            throw ApiErrors.invalid(
                    KIND,
                    account,
                    List.of(FieldError.invalid(
                            "spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")));
        }
    }

    private static void bind(
            Snapshot snapshot, String namespace, String account, JsonNode ref, Map<String, Object> claims) {
        if (!ref.isObject()) {
            return;
        }
        String kind = ref.path("kind").asText();
        String name = ref.path("name").asText();
        String prefix =
                switch (ref.path("apiVersion").asText() + "/" + kind) {
                    case "v1/Pod" -> "/registry/core/pods/" + namespace + "/";
                    case "v1/Secret" -> "/registry/core/secrets/" + namespace + "/";
                    case "v1/Node" -> "/registry/core/nodes/";
                    default ->
                        throw ApiErrors.badRequest("cannot bind token for serviceaccount \"" + account
                                + "\" to object type \"" + kind + "\": use a Pod, Secret or Node");
                };
        String plural = prefix.split("/")[3];
        StoredObject bound =
                snapshot.get(prefix + name).orElseThrow(() -> ApiErrors.notFound(new Gvr("", "v1", plural), name));
        String wanted = ref.path("uid").asText("");
        if (!wanted.isEmpty() && !wanted.equals(bound.uid())) {
            throw ApiErrors.conflict(
                    new Gvr("", "v1", plural),
                    name,
                    "the UID in the bound object reference (" + wanted + ") does not match the UID in record. The "
                            + "object might have been deleted and then recreated");
        }
        if (kind.equals("Pod")) {
            bindPod(snapshot, account, bound, claims);
        }
        claims.put(kind.toLowerCase(Locale.ROOT), new TokenClaims.Ref(name, bound.uid()).toMap());
    }

    private static void bindPod(Snapshot snapshot, String account, StoredObject pod, Map<String, Object> claims) {
        JsonNode spec = pod.tree().path("spec");
        String used = spec.path("serviceAccountName").asText();
        if (!used.equals(account)) {
            throw ApiErrors.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\" to pod running with different serviceaccount name");
        }
        String node = spec.path("nodeName").asText("");
        if (!node.isEmpty()) {
            String uid = snapshot.get("/registry/core/nodes/" + node)
                    .map(StoredObject::uid)
                    .orElse("");
            claims.put("node", new TokenClaims.Ref(node, uid).toMap());
        }
    }

    /** One audience is written as a list too, as Kubernetes does and some readers expect. */
    private String sign(JWTClaimsSet claims) {
        Map<String, Object> payload = claims.toJSONObject();
        payload.put("aud", claims.getAudience());
        try {
            var jwt = new JWSObject(
                    new JWSHeader.Builder(keys.algorithm())
                            .keyID(keys.signingId())
                            .build(),
                    new Payload(payload));
            jwt.sign(keys.signer());
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("the service-account signing key cannot sign " + keys.algorithm(), e);
        }
    }
}
