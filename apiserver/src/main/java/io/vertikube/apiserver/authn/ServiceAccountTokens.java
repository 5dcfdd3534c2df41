package io.vertikube.apiserver.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens of service accounts (RFC 7519): signature, issuer, audience, lifetime, and that the account and the
 * object the token is bound to still exist. What a signature proved is remembered for a while; existence is looked up
 * each time. Never blocks; safe for any thread.
 */
public final class ServiceAccountTokens implements Authenticator {

    private static final int MAX_TOKEN_CHARACTERS = 16 * 1024;
    private static final int MAX_REMEMBERED = 10_000;
    /** An object being deleted still vouches for its tokens this long, so that it can end in order. */
    private static final Duration DELETION_GRACE = Duration.ofSeconds(60);

    private final TokenKeys keys;
    private final String issuer;
    private final List<String> audiences;
    private final ObjectStorage storage;
    private final InstantSource clock;
    private final Map<String, TokenClaims> proven = new ConcurrentHashMap<>();

    /**
     * @param issuer the {@code iss} that counts
     * @param audiences a token must name one of these to be used against this server
     */
    public ServiceAccountTokens(
            TokenKeys keys, String issuer, List<String> audiences, ObjectStorage storage, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audiences = audiences.isEmpty() ? List.of(issuer) : List.copyOf(audiences);
        this.storage = storage;
        this.clock = clock;
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) {
        return credentials.bearerToken().isEmpty()
                ? Optional.empty()
                : verify(credentials.bearerToken(), audiences).map(Verified::user);
    }

    /** A token that holds, and which of the wanted audiences it was made for. */
    public record Verified(UserInfo user, List<String> audiences) {

        public Verified {
            audiences = List.copyOf(audiences);
        }
    }

    /** The audiences of this server. */
    public List<String> audiences() {
        return audiences;
    }

    /** Checks a token for any of these audiences. */
    public Optional<Verified> verify(String token, List<String> wanted) {
        @Nullable TokenClaims claims = claims(token);
        if (claims == null || claims.expiresAtSeconds() <= clock.instant().getEpochSecond()) {
            return Optional.empty();
        }
        List<String> shared =
                wanted.stream().filter(claims.audiences()::contains).toList();
        return shared.isEmpty() || !stillThere(claims)
                ? Optional.empty()
                : Optional.of(new Verified(claims.user(), shared));
    }

    private @Nullable TokenClaims claims(String token) {
        @Nullable TokenClaims known = proven.get(token);
        if (known != null || token.length() > MAX_TOKEN_CHARACTERS) {
            return known;
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!signatureHolds(jwt)) {
                return null;
            }
            @Nullable TokenClaims claims = read(jwt.getJWTClaimsSet());
            if (claims != null) {
                if (proven.size() >= MAX_REMEMBERED) {
                    proven.clear();
                }
                proven.put(token, claims);
            }
            return claims;
        } catch (ParseException | JOSEException e) {
            return null;
        }
    }

    private boolean signatureHolds(SignedJWT jwt) throws JOSEException {
        Optional<String> keyId = Optional.ofNullable(jwt.getHeader().getKeyID());
        for (JWSVerifier verifier : keys.verifiers(keyId, jwt.getHeader().getAlgorithm())) {
            if (jwt.verify(verifier)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable TokenClaims read(JWTClaimsSet set) throws ParseException {
        @Nullable Map<String, Object> kubernetes = set.getJSONObjectClaim(TokenClaims.CLAIM);
        boolean early = set.getNotBeforeTime() != null
                && set.getNotBeforeTime().toInstant().isAfter(clock.instant().plusSeconds(60));
        if (!issuer.equals(set.getIssuer()) || kubernetes == null || set.getExpirationTime() == null || early) {
            return null;
        }
        TokenClaims.@Nullable Ref account = TokenClaims.Ref.of(kubernetes.get("serviceaccount"));
        if (account == null || !(kubernetes.get("namespace") instanceof String namespace)) {
            return null;
        }
        String subject = TokenClaims.PREFIX + namespace + ":" + account.name();
        if (!subject.equals(set.getSubject())) {
            return null;
        }
        String boundKind = List.of("pod", "secret", "node").stream()
                .filter(kubernetes::containsKey)
                .findFirst()
                .orElse("");
        String id = set.getJWTID();
        return new TokenClaims(
                namespace,
                account,
                boundKind,
                boundKind.isEmpty() ? null : TokenClaims.Ref.of(kubernetes.get(boundKind)),
                TokenClaims.Ref.of(kubernetes.get("node")),
                List.copyOf(set.getAudience()),
                set.getExpirationTime().toInstant().getEpochSecond(),
                id == null ? "" : id);
    }

    private boolean stillThere(TokenClaims claims) {
        Snapshot snapshot = storage.snapshot(Read.any());
        String namespace = claims.namespace() + "/";
        if (!there(snapshot, "/registry/core/serviceaccounts/" + namespace, claims.serviceAccount())) {
            return false;
        }
        TokenClaims.@Nullable Ref bound = claims.bound();
        if (bound == null) {
            return claims.boundKind().isEmpty();
        }
        return switch (claims.boundKind()) {
            case "pod" -> there(snapshot, "/registry/core/pods/" + namespace, bound);
            case "secret" -> there(snapshot, "/registry/core/secrets/" + namespace, bound);
            default -> there(snapshot, "/registry/core/nodes/", bound);
        };
    }

    private boolean there(Snapshot snapshot, String prefix, TokenClaims.Ref ref) {
        Optional<StoredObject> stored = snapshot.get(prefix + ref.name());
        return stored.isPresent() && stored.get().uid().equals(ref.uid()) && !longDeleted(stored.get());
    }

    private boolean longDeleted(StoredObject stored) {
        String deleted =
                stored.tree().path("metadata").path("deletionTimestamp").asText("");
        return !deleted.isEmpty() && Instant.parse(deleted).plus(DELETION_GRACE).isBefore(clock.instant());
    }
}
