package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.images.ImageAccess;
import io.vertikube.kubelet.images.ImageGuard;
import io.vertikube.kubelet.images.PullRecords;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pulls on a simulated runtime, by a clock that goes on when it is told to. */
class ImagePullerTest {

    private static final String CLOSED = "registry.example/team/web:1";

    private static final ConfigSource NONE = new ConfigSource() {
        @Override
        public Optional<ConfigMap> configMap(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> secret(String namespace, String name) {
            return Optional.empty();
        }
    };

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private ApiClient nobody;
    private EventRecorder recorder;

    @BeforeEach
    void start() {
        nobody = ApiClient.connect(
                vertx, new KubeConfig(URI.create("http://127.0.0.1:1"), new byte[0], null, null, null, "default"));
        recorder = new EventRecorder(nobody, "test", "node");
    }

    @AfterEach
    void stop() {
        recorder.close();
        nobody.close();
        vertx.close().await();
    }

    @Test
    void whatIsAboveThePaceWaitsAndIsPulledThen() throws Exception {
        ImagePuller puller = puller(new PullLimits(5, 2, 1));
        assertThat(pull(puller, "one:1").get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
        FutureTask<ImagePuller.Outcome> second = pull(puller, "two:1");
        Thread.sleep(1200);
        assertThat(second.isDone()).isFalse();
        now.updateAndGet(instant -> instant.plusMillis(500));
        assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
    }

    @Test
    void aPaceOfZeroIsNoLimit() throws Exception {
        ImagePuller puller = puller(new PullLimits(5, 0, 0));
        for (String image : new String[] {"one:1", "two:1", "three:1"}) {
            assertThat(pull(puller, image).get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
        }
    }

    @Test
    void whatOnesCredentialsBroughtAnotherHasToShowHisFor() throws Exception {
        var pulls = new AtomicInteger();
        ImagePuller puller = puller(PullLimits.DEFAULT, closed(pulls), secretsOf("ours"));
        assertThat(puller.ensure(pod("ours", "[{name: wrong}, {name: regcred}]", ""), wanted("")))
                .isInstanceOf(ImagePuller.Outcome.Present.class);
        assertThat(pulls).hasValue(2);
        assertThat(puller.ensure(pod("ours", "[{name: regcred}]", ""), wanted("")))
                .isInstanceOf(ImagePuller.Outcome.Present.class);
        assertThat(pulls).hasValue(2);
        assertThat(reason(puller.ensure(pod("theirs", "[{name: regcred}]", ""), wanted(""))))
                .isEqualTo("ErrImagePull: pull access denied");
        assertThat(pulls).hasValue(3);
        assertThat(reason(puller.ensure(pod("theirs", "[]", "Never"), wanted("Never"))))
                .startsWith("ErrImageNeverPull: Container image \"" + CLOSED + "\" is present, but was pulled with");
        assertThat(pulls).hasValue(3);
        assertThat(puller.ensure(pod("ours", "[{name: regcred}]", "Never"), wanted("Never")))
                .isInstanceOf(ImagePuller.Outcome.Present.class);
    }

    @Test
    void aPullThatFailsTakesNothingFromAnybodyAndWhatCameAllTheSameIsNobodys() throws Exception {
        var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        var failing = new AtomicReference<>("before");
        var broken = intercepted(runtime, given -> {
            if (failing.get().equals("after")) {
                runtime.pullImage(CLOSED, Optional.empty());
            }
            throw new RuntimeFailure(RuntimeFailure.Kind.TIMEOUT, "given up");
        });
        ImagePuller puller = puller(PullLimits.DEFAULT, broken, NONE);
        assertThat(reason(puller.ensure(pod("first", "[]", ""), wanted("")))).isEqualTo("ErrImagePull: given up");
        runtime.pullImage(CLOSED, Optional.empty());
        assertThat(puller.atHand(pod("other", "[]", ""), wanted(""))).isPresent();
        assertThat(reason(puller.ensure(pod("always", "[]", "Always"), wanted("Always"))))
                .isEqualTo("ErrImagePull: given up");
        assertThat(puller.atHand(pod("other", "[]", ""), wanted(""))).isPresent();
        runtime.removeImage(CLOSED);
        failing.set("after");
        assertThat(reason(puller.ensure(pod("late", "[]", "Always"), wanted("Always"))))
                .isEqualTo("ErrImagePull: given up");
        assertThat(runtime.image(CLOSED)).isPresent();
        assertThat(puller.atHand(pod("other", "[]", ""), wanted(""))).isEmpty();
    }

    private static String reason(ImagePuller.Outcome outcome) {
        assertThat(outcome).isInstanceOf(ImagePuller.Outcome.Missing.class);
        var why = ((ImagePuller.Outcome.Missing) outcome).why();
        return why.reason() + ": " + why.message();
    }

    /** A runtime whose registry wants reader's password; counts what it is asked for. */
    private static ContainerRuntime closed(AtomicInteger pulls) {
        var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        return intercepted(runtime, shown -> {
            pulls.incrementAndGet();
            if (!shown.map(RegistryCredentials::password).equals(Optional.of("secret"))) {
                throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "pull access denied");
            }
        });
    }

    /** A runtime that has something done before each pull. */
    private static ContainerRuntime intercepted(
            ContainerRuntime runtime, Consumer<Optional<RegistryCredentials>> before) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ImagePullerTest.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (self, method, given) -> {
                    if (method.getName().equals("pullImage")) {
                        before.accept(((Optional<?>) given[1]).map(RegistryCredentials.class::cast));
                    }
                    return method.invoke(runtime, given);
                });
    }

    /** Of one namespace's Secrets, {@code regcred} has the password and {@code wrong} another. */
    private static ConfigSource secretsOf(String owner) {
        return new ConfigSource() {
            @Override
            public Optional<ConfigMap> configMap(String namespace, String name) {
                return Optional.empty();
            }

            @Override
            public Optional<Secret> secret(String namespace, String name) {
                if (!namespace.equals(owner)) {
                    return Optional.empty();
                }
                String auths = "{\"auths\": {\"registry.example\": {\"username\": \"reader\", \"password\": \"%s\"}}}"
                        .formatted(name.equals("regcred") ? "secret" : "guess");
                return Optional.of(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .withUid("uid-" + name)
                        .endMetadata()
                        .withData(Map.of(
                                ".dockerconfigjson",
                                Base64.getEncoder().encodeToString(auths.getBytes(StandardCharsets.UTF_8))))
                        .build());
            }
        };
    }

    private static Pod pod(String namespace, String secrets, String policy) {
        return TestPods.parse(
                "metadata: {name: p, namespace: %s, uid: u-%s-%s}\nspec: {imagePullSecrets: %s, containers: [{name: c, image: \"%s\"}]}"
                        .formatted(namespace, namespace, policy, secrets, CLOSED));
    }

    private static ImagePuller.Wanted wanted(String policy) {
        return new ImagePuller.Wanted(
                CLOSED,
                policy,
                Optional.of(ContainerSpec.of(pod("ours", "[]", "")).getFirst()));
    }

    private ImagePuller puller(PullLimits limits) throws IOException {
        return puller(limits, new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24")), NONE);
    }

    private ImagePuller puller(PullLimits limits, ContainerRuntime runtime, ConfigSource configs) throws IOException {
        var guard = new ImageGuard(ImageAccess.DEFAULT, new PullRecords(Optional.empty(), now::get));
        return new ImagePuller(runtime, configs, new PodEvents(recorder), now::get, limits, guard);
    }

    private static FutureTask<ImagePuller.Outcome> pull(ImagePuller puller, String image) {
        Pod pod =
                TestPods.parse("metadata: {name: p, namespace: default, uid: u}\nspec: {containers: [{name: c, image: "
                        + image + ", imagePullPolicy: Always}]}");
        ContainerSpec container = ContainerSpec.of(pod).getFirst();
        var task = new FutureTask<>(() -> puller.ensure(pod, ImagePuller.Wanted.of(container)));
        Thread.ofVirtual().start(task);
        return task;
    }
}
