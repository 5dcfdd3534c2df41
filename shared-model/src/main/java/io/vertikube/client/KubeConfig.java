package io.vertikube.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where an API server is and who we are to it: the current context of a kubeconfig file. Immutable; the byte arrays
 * are PEM and not copied.
 *
 * @param caPem certificates that the server's must chain to
 * @param certPem client certificate, or null
 * @param keyPem its PKCS#8 key, or null
 * @param token bearer token, or null
 */
@SuppressWarnings("ArrayRecordComponent")
public record KubeConfig(
        URI server,
        byte[] caPem,
        byte @Nullable [] certPem,
        byte @Nullable [] keyPem,
        @Nullable String token,
        String namespace) {

    /** Identity by client certificate. */
    public static KubeConfig withCertificate(URI server, byte[] caPem, byte[] certPem, byte[] keyPem) {
        return new KubeConfig(server, caPem, certPem, keyPem, null, "default");
    }

    /** Identity by bearer token. */
    public static KubeConfig withToken(URI server, byte[] caPem, String token) {
        return new KubeConfig(server, caPem, null, null, token, "default");
    }

    /**
     * Reads a kubeconfig file; relative paths in it are relative to it.
     *
     * @throws IllegalArgumentException if it names no usable server or identity
     */
    public static KubeConfig load(Path file) throws IOException {
        JsonNode root = new YAMLMapper().readTree(Files.readAllBytes(file));
        if (root == null || !root.isObject()) {
            throw new IllegalArgumentException(file + ": no kubeconfig (expected a YAML map)");
        }
        String contextName = root.path("current-context").asText("");
        JsonNode context = named(root, "contexts", contextName, "context");
        if (context == null) {
            throw new IllegalArgumentException(
                    file + ": current-context \"" + contextName + "\" is not among its contexts");
        }
        JsonNode cluster = named(root, "clusters", context.path("cluster").asText(""), "cluster");
        JsonNode user = named(root, "users", context.path("user").asText(""), "user");
        if (cluster == null || !cluster.hasNonNull("server")) {
            throw new IllegalArgumentException(
                    file + ": context \"" + contextName + "\" names no cluster with a server");
        }
        byte[] ca = bytes(file, cluster, "certificate-authority");
        byte[] cert = user == null ? null : bytes(file, user, "client-certificate");
        byte[] key = user == null ? null : bytes(file, user, "client-key");
        String token = null;
        if (user != null && user.hasNonNull("token")) {
            token = user.get("token").asText();
        } else if (user != null && user.hasNonNull("tokenFile")) {
            token = Files.readString(beside(file, user.get("tokenFile").asText()))
                    .strip();
        }
        return new KubeConfig(
                URI.create(cluster.get("server").asText()),
                ca == null ? new byte[0] : ca,
                cert,
                key,
                token,
                context.path("namespace").asText("default"));
    }

    /** The kubeconfig file for this, with everything inline, readable by kubectl. */
    public String toYaml(String clusterName, String userName) {
        var text = new StringBuilder();
        text.append("apiVersion: v1\nkind: Config\nclusters:\n- name: ")
                .append(clusterName)
                .append("\n  cluster:\n    server: ")
                .append(server)
                .append("\n    certificate-authority-data: ")
                .append(base64(caPem))
                .append("\nusers:\n- name: ")
                .append(userName)
                .append("\n  user:\n");
        if (certPem != null && keyPem != null) {
            text.append("    client-certificate-data: ")
                    .append(base64(certPem))
                    .append("\n    client-key-data: ")
                    .append(base64(keyPem))
                    .append('\n');
        }
        if (token != null) {
            text.append("    token: ").append(token).append('\n');
        }
        return text.append("contexts:\n- name: ")
                .append(clusterName)
                .append("\n  context:\n    cluster: ")
                .append(clusterName)
                .append("\n    user: ")
                .append(userName)
                .append("\n    namespace: ")
                .append(namespace)
                .append("\ncurrent-context: ")
                .append(clusterName)
                .append('\n')
                .toString();
    }

    /** The kubeconfig file under the project's own names. */
    public String toYaml() {
        return toYaml("vertikube", "vertikube");
    }

    /** Never shows keys or tokens. */
    @Override
    public String toString() {
        return "KubeConfig[" + server + "]";
    }

    private static @Nullable JsonNode named(JsonNode root, String list, String name, String field) {
        for (JsonNode entry : root.path(list)) {
            if (entry.path("name").asText("").equals(name)) {
                return entry.get(field);
            }
        }
        return null;
    }

    private static byte @Nullable [] bytes(Path file, JsonNode node, String field) throws IOException {
        if (node.hasNonNull(field + "-data")) {
            return Base64.getDecoder().decode(node.get(field + "-data").asText());
        }
        if (node.hasNonNull(field)) {
            return Files.readAllBytes(beside(file, node.get(field).asText()));
        }
        return null;
    }

    private static Path beside(Path file, String path) {
        return file.toAbsolutePath().resolveSibling(path);
    }

    private static String base64(byte[] bytes) {
        return new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
    }
}
