package io.vertikube.controller.bootstraptoken;

import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Detached signatures (JWS, HS256) of the cluster's public kubeconfig, one a token. Pure. */
final class Signatures {
    static final String KUBECONFIG = "kubeconfig";
    static final String PREFIX = "jws-kubeconfig-";

    private Signatures() {}

    /** The data of {@code cluster-info} with the signatures of exactly these tokens. */
    static Map<String, String> signed(Map<String, String> data, Collection<BootstrapToken> tokens) {
        var next = new TreeMap<>(data);
        next.keySet().removeIf(key -> key.startsWith(PREFIX));
        String content = data.get(KUBECONFIG);
        if (content != null) {
            tokens.forEach(token -> next.put(PREFIX + token.id(), of(content, token)));
        }
        return next;
    }

    /** {@code header..signature}: the content between the dots is left out, whoever checks it has it already. */
    static String of(String content, BootstrapToken token) {
        String header = base64(Json.bytes(Json.object().put("alg", "HS256").put("kid", token.id())));
        String payload = base64(content.getBytes(StandardCharsets.UTF_8));
        return header + ".." + base64(hmac(token.id() + "." + token.secret(), header + "." + payload));
    }

    private static byte[] hmac(String key, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HmacSHA256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
