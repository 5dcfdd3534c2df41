package io.vertikube.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a webhook is and how long it may take ("WebhookClientConfig" in the API reference). Immutable.
 *
 * @param host the name that its certificate must be for
 * @param path with its leading slash, query included
 * @param authority certificates in PEM that its certificate must come from; empty for those that the machine trusts
 * @param service where its address comes from; empty if the host itself is to be looked up
 */
public record WebhookTarget(
        String host, int port, String path, String authority, Duration timeout, Optional<Service> service) {

    /** A Service of the cluster. */
    public record Service(String namespace, String name, int port) {}

    private static final int HTTPS = 443;

    /**
     * Reads a client configuration that has been validated.
     *
     * @throws WebhookFailure if it names neither a URL nor a Service
     */
    public static WebhookTarget of(JsonNode config, Duration timeout) throws WebhookFailure {
        String authority = new String(
                Base64.getMimeDecoder().decode(config.path("caBundle").asText()),
                java.nio.charset.StandardCharsets.US_ASCII);
        JsonNode service = config.path("service");
        if (service.isObject()) {
            String namespace = service.path("namespace").asText();
            String name = service.path("name").asText();
            int port = service.path("port").asInt(HTTPS);
            return new WebhookTarget(
                    name + "." + namespace + ".svc",
                    port,
                    absolute(service.path("path").asText()),
                    authority,
                    timeout,
                    Optional.of(new Service(namespace, name, port)));
        }
        try {
            URI url = URI.create(config.path("url").asText());
            if (url.getHost() == null) {
                throw new WebhookFailure("neither url nor service is set");
            }
            String path = absolute(url.getRawPath() == null ? "" : url.getRawPath());
            return new WebhookTarget(
                    url.getHost(),
                    url.getPort() < 0 ? HTTPS : url.getPort(),
                    url.getRawQuery() == null ? path : path + "?" + url.getRawQuery(),
                    authority,
                    timeout,
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new WebhookFailure("the url cannot be read: " + e.getMessage());
        }
    }

    private static String absolute(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    /** The path with the time that the caller waits. */
    String pathWithTimeout() {
        return path + (path.indexOf('?') < 0 ? "?" : "&") + "timeout=" + timeout.toSeconds() + "s";
    }

    /** How errors name it. */
    String shown() {
        return "https://" + host + ":" + port + pathWithTimeout();
    }
}
