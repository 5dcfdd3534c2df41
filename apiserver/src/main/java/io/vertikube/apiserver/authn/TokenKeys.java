package io.vertikube.apiserver.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertikube.apiserver.openapi.Once;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys of service-account tokens: one that signs, and all whose signatures count (so that keys can be changed
 * without invalidating tokens). RSA keys sign RS256, P-256 keys ES256. The signing pair is asked for with the first token: a
 * public half that must be computed is not what a start should wait for. Safe for any thread.
 */
public final class TokenKeys {

    private final Once<Pairs> pairs;

    /**
     * @param signing whose private half signs; its public half is the first that the key set shows
     * @param others public keys that count as well, in the order in which the key set shows them
     */
    public TokenKeys(Supplier<KeyPair> signing, List<PublicKey> others) {
        List<PublicKey> more = List.copyOf(others);
        this.pairs = new Once<>(() -> Pairs.of(signing.get(), more));
    }

    JWSAlgorithm algorithm() {
        return pairs.get().signing() instanceof ECPrivateKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    }

    String signingId() {
        return pairs.get().signingId();
    }

    JWSSigner signer() throws JOSEException {
        PrivateKey signing = pairs.get().signing();
        return signing instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(signing);
    }

    /** The verifiers to try for a key id and algorithm; keys of the wrong kind for the algorithm are never tried. */
    List<JWSVerifier> verifiers(Optional<String> keyId, JWSAlgorithm used) throws JOSEException {
        var verifiers = new ArrayList<JWSVerifier>();
        for (Map.Entry<String, PublicKey> entry : pairs.get().verifying().entrySet()) {
            if (keyId.isEmpty() || keyId.get().equals(entry.getKey())) {
                if (entry.getValue() instanceof ECPublicKey ec && used.equals(JWSAlgorithm.ES256)) {
                    verifiers.add(new ECDSAVerifier(ec));
                } else if (entry.getValue() instanceof RSAPublicKey rsa && used.equals(JWSAlgorithm.RS256)) {
                    verifiers.add(new RSASSAVerifier(rsa));
                }
            }
        }
        return verifiers;
    }

    /** The public keys as JWK (RFC 7517). */
    List<Map<String, Object>> jwks() {
        var keys = new ArrayList<Map<String, Object>>();
        pairs.get().verifying().forEach((id, key) -> keys.add(jwk(id, key).toJSONObject()));
        return keys;
    }

    List<String> algorithms() {
        return pairs.get().verifying().values().stream()
                .map(key -> key instanceof ECPublicKey ? "ES256" : "RS256")
                .distinct()
                .toList();
    }

    private static JWK jwk(String id, PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec)
                        .keyID(id)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.ES256)
                        .build();
            case RSAPublicKey rsa ->
                new RSAKey.Builder(rsa)
                        .keyID(id)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.RS256)
                        .build();
            default ->
                throw new IllegalArgumentException(
                        "service-account keys are RSA or EC P-256, not " + key.getAlgorithm());
        };
    }

    /** SHA-256 over the public key's DER form, as Kubernetes names its keys. */
    private static String keyId(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @param verifying by key id, in order */
    private record Pairs(PrivateKey signing, String signingId, Map<String, PublicKey> verifying) {

        static Pairs of(KeyPair signing, List<PublicKey> others) {
            var verifying = new LinkedHashMap<String, PublicKey>();
            String own = keyId(signing.getPublic());
            verifying.put(own, signing.getPublic());
            others.forEach(key -> verifying.put(keyId(key), key));
            return new Pairs(signing.getPrivate(), own, Collections.unmodifiableMap(verifying));
        }
    }
}
