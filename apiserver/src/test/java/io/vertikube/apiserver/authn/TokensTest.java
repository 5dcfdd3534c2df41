package io.vertikube.apiserver.authn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens hold as long as what they stand for. */
final class TokensTest {

    private static final String ISSUER = "https://kubernetes.default.svc";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private InMemory memory;

    @BeforeEach
    void start() {
        memory = new InMemory();
        memory.put("{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'robot','namespace':'shop'}}");
        memory.put("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'shop'},'spec':{"
                + "'serviceAccountName':'robot','nodeName':'n1'}}");
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private static TokenKeys keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            KeyPair pair = generator.generateKeyPair();
            return new TokenKeys(() -> pair, List.of());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String issue(TokenKeys keys, String spec) {
        ObjectNode request = Trees.newObject();
        request.set("spec", InMemoryJson.tree(spec));
        var issuer = new TokenIssuer(keys, ISSUER, List.of(), memory.storage, now::get);
        return Trees.text(issuer.issue("shop", "robot", request), "status", "token");
    }

    private Optional<UserInfo> user(TokenKeys keys, String token) {
        var tokens = new ServiceAccountTokens(keys, ISSUER, List.of(), memory.storage, now::get);
        return tokens.authenticate(new Credentials(List.of(), token));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void aTokenTellsWhoseItIs(String algorithm) {
        TokenKeys keys = keys(algorithm);
        UserInfo user = user(keys, issue(keys, "{}")).orElseThrow();
        assertEquals("system:serviceaccount:shop:robot", user.name());
        assertEquals("uid-robot", user.uid());
        assertTrue(user.in("system:serviceaccounts:shop"));
        assertFalse(user(keys(algorithm), issue(keys, "{}")).isPresent(), "another server's keys");
        assertFalse(user(keys, issue(keys, "{'audiences':['vault']}")).isPresent(), "another audience");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | https://kubernetes.default.svc", "{'audiences':['vault','x']} | vault,x"})
    void audiencesAreAList(String spec, String audiences) {
        String payload = issue(keys("EC"), spec).split("\\.")[1];
        JsonNode audience = Json.tree(Base64.getUrlDecoder().decode(payload)).path("aud");
        assertTrue(audience.isArray(), audience.toString());
        assertEquals(audiences, String.join(",", Trees.texts(audience)));
    }

    @Test
    void aTokenEndsWithItsTime() {
        TokenKeys keys = keys("EC");
        String token = issue(keys, "{'expirationSeconds':600}");
        now.updateAndGet(t -> t.plusSeconds(599));
        assertTrue(user(keys, token).isPresent());
        now.updateAndGet(t -> t.plusSeconds(1));
        assertFalse(user(keys, token).isPresent());
        assertEquals(
                422,
                assertThrows(ApiException.class, () -> issue(keys, "{'expirationSeconds':599}"))
                        .code());
    }

    @Test
    void aTokenEndsWithThePodItIsBoundTo() {
        TokenKeys keys = keys("EC");
        String token = issue(keys, "{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'p','uid':'uid-p'}}");
        UserInfo user = user(keys, token).orElseThrow();
        assertEquals(List.of("p"), user.extra().get("authentication.kubernetes.io/pod-name"));
        assertEquals(List.of("n1"), user.extra().get("authentication.kubernetes.io/node-name"));
        var pod = memory.storage
                .snapshot(Read.latest())
                .get("/registry/core/pods/shop/p")
                .orElseThrow();
        memory.storage.delete(pod.key(), pod.revision());
        memory.storage.snapshot(Read.latest());
        assertFalse(user(keys, token).isPresent());
        assertEquals(
                404,
                assertThrows(
                                ApiException.class,
                                () -> issue(keys, "{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'p'}}"))
                        .code());
    }

    @Test
    void nonsenseIsNobody() {
        TokenKeys keys = keys("EC");
        String token = issue(keys, "{}");
        assertFalse(user(keys, "abc").isPresent());
        assertFalse(user(keys, token.substring(0, token.length() - 4) + "AAAA").isPresent());
        assertFalse(
                user(keys, "eyJhbGciOiJub25lIn0." + token.split("\\.")[1] + ".").isPresent());
    }

    @Test
    void othersCanVerify() {
        TokenKeys keys = keys("EC");
        var issuer = new TokenIssuer(keys, ISSUER, List.of(), memory.storage, now::get);
        JsonNode key = Json.mapper().valueToTree(issuer.jwks()).path("keys").get(0);
        assertEquals("EC", key.path("kty").asText());
        assertFalse(key.has("d"), "no private part");
        assertEquals(ISSUER, issuer.discovery("https://x/openid/v1/jwks").get("issuer"));
    }
}
