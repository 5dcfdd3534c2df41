package io.vertikube.kubelet.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.volume.TokenSource;
import io.vertikube.object.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens by TokenRequest, bound to the pod, asked for again when four fifths of their life (or a day) are over. Safe for
 * any thread; blocks.
 */
public final class ApiTokenSource implements TokenSource {

    private static final Duration LONGEST = Duration.ofHours(24);

    private record Which(String podUid, String account, String audience, long seconds) {}

    private record Kept(String token, Instant renewAt, Instant expires) {}

    private final ApiClient client;
    private final InstantSource clock;
    private final Map<Which, Kept> kept = new ConcurrentHashMap<>();

    public ApiTokenSource(ApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Issued issue(Pod pod, String audience, long expirationSeconds) {
        String account = Optional.ofNullable(pod.getSpec().getServiceAccountName())
                .filter(name -> !name.isEmpty())
                .orElse("default");
        var which = new Which(pod.getMetadata().getUid(), account, audience, expirationSeconds);
        Instant now = clock.instant();
        Kept known = kept.get(which);
        if (known != null && known.renewAt().isAfter(now)) {
            return new Issued(known.token(), known.expires());
        }
        kept.values().removeIf(old -> old.expires().isBefore(now));
        JsonNode answer = client.of(ServiceAccount.class)
                .createSubresource(
                        pod.getMetadata().getNamespace(),
                        account,
                        "token",
                        request(pod, audience, expirationSeconds),
                        JsonNode.class);
        Instant expires =
                Instant.parse(answer.path("status").path("expirationTimestamp").asText());
        Duration life = Duration.between(now, expires);
        Duration use = life.multipliedBy(4).dividedBy(5);
        Instant renewAt = now.plus(use.compareTo(LONGEST) < 0 ? use : LONGEST);
        String token = answer.path("status").path("token").asText();
        kept.put(which, new Kept(token, renewAt, expires));
        return new Issued(token, expires);
    }

    private static ObjectNode request(Pod pod, String audience, long seconds) {
        ObjectNode request = Json.object();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec");
        ArrayNode audiences = spec.putArray("audiences");
        if (!audience.isEmpty()) {
            audiences.add(audience);
        }
        spec.put("expirationSeconds", seconds);
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", pod.getMetadata().getName())
                .put("uid", pod.getMetadata().getUid());
        return request;
    }
}
