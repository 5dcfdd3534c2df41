package io.vertikube.deploy.bench.controllers;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.PatchType;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * The measurements, one after the other: creates of pods by nothing but a client as the limit, many Deployments created,
 * rolled and deleted with their namespace, one large Deployment. What it makes lies in namespaces of its own, which are
 * gone in the end. Runs on one thread.
 */
final class ControllersBench {

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String DEPLOYMENT = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{NAME}","namespace":"{SPACE}"},\
            "spec":{"replicas":{REPLICAS},"selector":{"matchLabels":{"app":"{NAME}"}},\
            "template":{"metadata":{"labels":{"app":"{NAME}"}},"spec":{"containers":[\
            {"name":"web","image":"registry.example.com/shop/web:1.27.3","ports":[{"containerPort":8080}],\
            "resources":{"requests":{"cpu":"100m","memory":"128Mi"}}}]}}}}""";
    private static final byte[] ROLL = """
            {"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2030-01-01T00:00:00Z"}}}}}\
            """.getBytes(StandardCharsets.UTF_8);

    private final ApiClient client;
    private final Cost cost;
    private final RawCreates raw;
    private final int deployments;
    private final int replicas;
    private final int big;
    private final PhaseReport report;
    private final String prefix =
            "bench-" + Long.toString(ThreadLocalRandom.current().nextLong(1 << 24), 36);

    ControllersBench(
            ApiClient client, Cost cost, RawCreates raw, int deployments, int replicas, int big, PrintStream out) {
        this.client = client;
        this.cost = cost;
        this.raw = raw;
        this.deployments = deployments;
        this.replicas = replicas;
        this.big = big;
        this.report = new PhaseReport(out);
    }

    void run() throws InterruptedException {
        awaitServices();
        try (var pods = new PodsAtOnce(client);
                Informer<Deployment> watched = Informer.start(client, Deployment.class, ListOptions.all())) {
            watched.awaitSync(LONGEST);
            warmUp(pods, watched);
            double limit = rawCreates(pods);
            many(pods, watched);
            large(pods, watched, limit);
        }
        report.print();
    }

    private void awaitServices() throws InterruptedException {
        until(() -> {
            try {
                return client.of(Namespace.class).find("", "default").isPresent()
                        && !cost.depths().isEmpty();
            } catch (UnreachableException | ApiException e) {
                cost.requireAlive();
                return false;
            }
        });
    }

    /** Everything once, small: both processes compile as they go. */
    private void warmUp(PodsAtOnce pods, Informer<Deployment> watched) throws InterruptedException {
        report.step("warming up");
        String namespace = namespace("warm");
        int rounds = Math.min(20, deployments);
        for (int i = 0; i < rounds; i++) {
            create(namespace, "web-" + i, replicas);
        }
        until(() -> complete(watched, namespace, rounds, replicas));
        for (int i = 0; i < rounds; i++) {
            roll(namespace, "web-" + i);
        }
        until(() -> complete(watched, namespace, rounds, replicas));
        delete(namespace, pods);
    }

    private double rawCreates(PodsAtOnce pods) throws InterruptedException {
        String namespace = namespace("raw");
        double rate = raw.run(namespace, big);
        report.step("pods created by a client alone, 32 in flight: " + Math.round(rate) + "/s");
        delete(namespace, pods);
        return rate;
    }

    private void many(PodsAtOnce pods, Informer<Deployment> watched) throws InterruptedException {
        String namespace = namespace("many");
        int all = deployments * replicas;
        long before = pods.seen().getAsLong();

        Phase creating = begin(deployments + " Deployments of " + replicas + ", created", all, pods);
        for (int i = 0; i < deployments; i++) {
            create(namespace, "web-" + i, replicas);
        }
        until(() -> pods.seen().getAsLong() - before >= all);
        creating.lap("last pod object");
        until(() -> complete(watched, namespace, deployments, replicas));
        creating.end("all available");

        Phase rolling = begin("all of them rolled", all, pods);
        for (int i = 0; i < deployments; i++) {
            roll(namespace, "web-" + i);
        }
        until(() -> complete(watched, namespace, deployments, replicas));
        rolling.end("all rolled");

        Phase deleting = begin("their namespace deleted", all, pods);
        delete(namespace, pods);
        deleting.end("namespace gone");
    }

    private void large(PodsAtOnce pods, Informer<Deployment> watched, double limit) throws InterruptedException {
        String namespace = namespace("large");
        create(namespace, "large", 1);
        until(() -> complete(watched, namespace, 1, 1));
        long before = pods.seen().getAsLong();
        Phase growing = begin("one Deployment, 1 to " + big, big - 1, pods);
        client.of(Deployment.class)
                .patch(
                        namespace,
                        "large",
                        PatchType.MERGE,
                        ("{\"spec\":{\"replicas\":" + big + "}}").getBytes(StandardCharsets.UTF_8),
                        null);
        until(() -> pods.seen().getAsLong() - before >= big - 1);
        double seconds = growing.lap("last pod object");
        until(() -> complete(watched, namespace, 1, big));
        growing.end("all available");
        report.note(String.format(
                Locale.ROOT,
                "one large Deployment: %,.0f pods/s, %.0f %% of %,.0f/s that the API server takes from a client alone;"
                        + " each pod was made Ready meanwhile",
                (big - 1) / seconds,
                100 * (big - 1) / seconds / limit,
                limit));
        delete(namespace, pods);
    }

    private Phase begin(String name, int count, PodsAtOnce pods) {
        return new Phase(name, count, cost, pods, report);
    }

    private String namespace(String suffix) throws InterruptedException {
        String name = prefix + "-" + suffix;
        client.of(Namespace.class)
                .create(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build());
        until(() -> client.of(ServiceAccount.class).find(name, "default").isPresent());
        return name;
    }

    private void create(String namespace, String name, int count) {
        String body = DEPLOYMENT
                .replace("{NAME}", name)
                .replace("{SPACE}", namespace)
                .replace("{REPLICAS}", Integer.toString(count));
        client.of(Deployment.class).create(Json.read(body.getBytes(StandardCharsets.UTF_8), Deployment.class));
    }

    private void roll(String namespace, String name) {
        client.of(Deployment.class).patch(namespace, name, PatchType.MERGE, ROLL, null);
    }

    private void delete(String namespace, PodsAtOnce pods) throws InterruptedException {
        client.of(Namespace.class).delete("", namespace);
        until(() -> client.of(Namespace.class).find("", namespace).isEmpty());
        until(() -> pods.gone().getAsLong() >= pods.seen().getAsLong());
    }

    /** As {@code kubectl rollout status} would say of so many Deployments. */
    private static boolean complete(Informer<Deployment> watched, String namespace, int count, int replicas) {
        List<Deployment> done = new ArrayList<>(watched.list(namespace));
        done.removeIf(deployment -> deployment.getStatus() == null
                || !Objects.equals(
                        deployment.getStatus().getObservedGeneration(),
                        deployment.getMetadata().getGeneration())
                || !Objects.equals(deployment.getStatus().getUpdatedReplicas(), replicas)
                || !Objects.equals(deployment.getStatus().getReplicas(), replicas)
                || !Objects.equals(deployment.getStatus().getAvailableReplicas(), replicas));
        return done.size() == count;
    }

    private static void until(BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not reached within " + LONGEST.toMinutes() + " minutes");
            }
            Thread.sleep(5);
        }
    }
}
