package io.vertikube.controller.configrollout;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.controller.workload.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The content of a ConfigMap or Secret in twelve letters; labels and annotations do not count. Pure. */
final class ConfigDigest {
    private static final int BYTES = 6;

    private ConfigDigest() {}

    static String of(ConfigMap map) {
        return of(List.of(Fields.map(map.getData()), Fields.map(map.getBinaryData())));
    }

    static String of(Secret secret) {
        return of(List.of(Fields.map(secret.getData())));
    }

    static String of(String text) {
        return of(List.of(Map.of("", text)));
    }

    private static String of(List<Map<String, String>> parts) {
        MessageDigest digest = sha256();
        for (Map<String, String> part : parts) {
            new TreeMap<>(part).forEach((key, value) -> {
                add(digest, key);
                add(digest, value);
            });
            add(digest, "");
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** Lengths go before the words, so that no two contents look alike. */
    private static void add(MessageDigest digest, String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
