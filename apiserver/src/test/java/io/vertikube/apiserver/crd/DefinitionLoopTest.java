package io.vertikube.apiserver.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StorageLimits;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.apiserver.webhook.WebhookLimits;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The loop beside the server: it ends with it. */
class DefinitionLoopTest {

    @Test
    void nothingGoesOnRunningAfterTheEnd() {
        Vertx vertx = Vertx.vertx();
        var storage = new ObjectStorage(
                EmbeddedStore.inMemory(), prefix -> List.of(), StorageLimits.defaults(), new SimpleMeterRegistry());
        var webhooks = new WebhookClient(
                vertx, () -> storage.snapshot(Read.any()), WebhookLimits.DEFAULT, RandomGenerator.getDefault());
        var loop = new DefinitionLoop(
                storage,
                new ServedTypes(),
                BuiltInSchemas.load(),
                webhooks,
                () -> new CelEngine(CelLimits.DEFAULT),
                row -> {},
                InstantSource.system());
        loop.start();
        assertThat(loop.isRunning()).isTrue();
        storage.close();
        loop.close();
        assertThat(loop.isRunning()).isFalse();
        webhooks.close();
        vertx.close().await();
    }
}
