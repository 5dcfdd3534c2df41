package io.vertikube.controller.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token of one service account, asked for when it is first needed and again after four fifths of its life; one that
 * cannot be renewed is used to its end. The account is made if there is none. Blocks; safe for any thread but event loops.
 */
final class AccountToken implements Supplier<String> {
    private static final String NAMESPACE = "kube-system";
    private static final Duration LIFE = Duration.ofHours(1);

    private final ApiClient service;
    private final String name;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Held held;

    private record Held(String token, Instant renewAt, Instant endsAt) {}

    AccountToken(ApiClient service, String name, InstantSource clock) {
        this.service = service;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public String get() {
        lock.lock();
        try {
            Instant now = clock.instant();
            Held before = held;
            if (before != null && now.isBefore(before.renewAt)) {
                return before.token;
            }
            Held next = renewed(before, now);
            held = next;
            return next.token;
        } finally {
            lock.unlock();
        }
    }

    private Held renewed(@Nullable Held before, Instant now) {
        try {
            return ask(now);
        } catch (ApiException | UnreachableException failure) {
            if (before != null && now.isBefore(before.endsAt)) {
                return before;
            }
            throw failure;
        }
    }

    private Held ask(Instant now) {
        JsonNode status;
        try {
            status = request();
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
            create();
            status = request();
        }
        Instant ends = Instant.parse(status.path("expirationTimestamp").asText());
        Instant renew = now.plus(Duration.between(now, ends).multipliedBy(4).dividedBy(5));
        return new Held(status.path("token").asText(), renew, ends);
    }

    private JsonNode request() {
        ObjectNode wish = Json.object();
        wish.put("apiVersion", "authentication.k8s.io/v1");
        wish.put("kind", "TokenRequest");
        wish.putObject("spec").put("expirationSeconds", LIFE.toSeconds());
        String path = "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts/" + name + "/token";
        return Json.tree(service.raw("POST", path, "application/json", Json.bytes(wish)))
                .path("status");
    }

    private void create() {
        try {
            service.of(ServiceAccount.class)
                    .create(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withNamespace(NAMESPACE)
                            .withName(name)
                            .endMetadata()
                            .build());
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists()) {
                throw refused;
            }
        }
    }
}
