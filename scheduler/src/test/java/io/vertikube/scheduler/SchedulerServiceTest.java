package io.vertikube.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.control.Time;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real API server in this JVM. */
class SchedulerServiceTest {

    private TestServer server;
    private ApiClient api;
    private TypedClient<Pod> pods;
    private SchedulerService scheduler;

    @BeforeEach
    void start() {
        server = TestServer.start();
        server.namespace("default");
        api = server.client();
        pods = api.of(Pod.class);
        scheduler = SchedulerService.start(server.vertx(), alone(), new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        scheduler.close();
        server.close();
    }

    private SchedulerOptions alone() {
        return SchedulerOptions.alone(server.as("system:kube-scheduler").config());
    }

    /** A new node is tainted as not ready until its conditions are known; this one is ready. */
    private void addNode(String name) {
        Node node = Fixtures.node(name, "z").build();
        Node made = api.of(Node.class).create(node);
        made.setStatus(node.getStatus());
        made = api.of(Node.class).updateStatus(made);
        made.getSpec().setTaints(List.of());
        api.of(Node.class).update(made);
    }

    private void add(PodBuilder pod) {
        pods.create(pod.editMetadata().withUid(null).endMetadata().build());
    }

    private String nodeOf(String name) {
        String node = pods.get("default", name).getSpec().getNodeName();
        return node == null ? "" : node;
    }

    private List<String> events(String pod, String reason) {
        return api.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> pod.equals(event.getInvolvedObject().getName()) && reason.equals(event.getReason()))
                .map(Event::getMessage)
                .toList();
    }

    @Test
    void podGetsANodeAndAnEventTellsIt() {
        addNode("a");
        add(Fixtures.pod("web", "web", "1", "64Mi"));
        await().atMost(Duration.ofSeconds(20)).until(() -> nodeOf("web").equals("a"));
        await().until(() -> events("web", "Scheduled").equals(List.of("Successfully assigned default/web to a")));
    }

    @Test
    void podThatFitsNowhereSaysWhyAndIsPlacedWhenANodeComes() {
        addNode("a");
        add(Fixtures.pod("big", "web", "3", "64Mi"));
        await().until(() -> nodeOf("big").equals("a"));
        add(Fixtures.pod("more", "web", "3", "64Mi"));
        String why = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
                + "1 No preemption victims found for incoming pod.";
        await().until(() -> events("more", "FailedScheduling").equals(List.of(why)));
        await().until(() -> pods.get("default", "more").getStatus().getConditions().stream()
                .anyMatch(c -> isUnschedulable(c, why)));
        addNode("b");
        await().atMost(Duration.ofSeconds(20)).until(() -> nodeOf("more").equals("b"));
    }

    private static boolean isUnschedulable(PodCondition condition, String why) {
        return "PodScheduled".equals(condition.getType())
                && "False".equals(condition.getStatus())
                && "Unschedulable".equals(condition.getReason())
                && why.equals(condition.getMessage());
    }

    @Test
    void podOfAnotherSchedulerIsLeftAlone() throws InterruptedException {
        addNode("a");
        add(Fixtures.pod("theirs", "web", "1", "64Mi")
                .editSpec()
                .withSchedulerName("other")
                .endSpec());
        add(Fixtures.pod("ours", "web", "1", "64Mi"));
        await().until(() -> nodeOf("ours").equals("a"));
        Thread.sleep(200);
        assertThat(nodeOf("theirs")).isEmpty();
    }

    @Test
    void importantPodDrivesAnotherAway() {
        api.of(io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass.class)
                .create(new PriorityClassBuilder()
                        .withNewMetadata()
                        .withName("important")
                        .endMetadata()
                        .withValue(1000)
                        .build());
        addNode("a");
        add(Fixtures.pod("low", "web", "3", "64Mi")
                .editSpec()
                .withTerminationGracePeriodSeconds(0L)
                .endSpec());
        await().until(() -> nodeOf("low").equals("a"));
        add(Fixtures.pod("vip", "web", "3", "64Mi")
                .editSpec()
                .withPriorityClassName("important")
                .withPriority(1000)
                .endSpec());
        await().atMost(Duration.ofSeconds(20)).until(() -> nodeOf("vip").equals("a"));
        await().until(() -> events("low", "Preempted").size() == 1);
        assertThat(pods.find("default", "low")).isEmpty();
    }

    @Test
    void manyPodsAreSpreadOverNodes() {
        List.of("a", "b", "c").forEach(this::addNode);
        for (int i = 0; i < 30; i++) {
            add(Fixtures.pod("p" + i, "web", "100m", "64Mi"));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> pods.list("default", ListOptions.all()).items().stream()
                        .noneMatch(p -> p.getSpec().getNodeName() == null));
        for (String node : List.of("a", "b", "c")) {
            assertThat(pods.list("default", ListOptions.fields("spec.nodeName=" + node))
                            .items())
                    .hasSize(10);
        }
    }

    @Test
    void secondSchedulerTakesOverWhenTheFirstStops() {
        scheduler.close();
        addNode("a");
        var first = SchedulerService.start(server.vertx(), electing("first"), new SimpleMeterRegistry());
        add(Fixtures.pod("one", "web", "100m", "64Mi"));
        await().until(() -> nodeOf("one").equals("a"));
        try (var second = SchedulerService.start(server.vertx(), electing("second"), new SimpleMeterRegistry())) {
            await().until(() -> second.health().isReady());
            first.close();
            add(Fixtures.pod("two", "web", "100m", "64Mi"));
            await().atMost(Duration.ofSeconds(20)).until(() -> nodeOf("two").equals("a"));
            assertThat(events("two", "Scheduled")).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** Whoever takes the Lease over may be at work the moment it is given back. */
    @Test
    void itDecidesNoMoreWhenItGivesItsLeaseBack() {
        scheduler.close();
        var deciding = new AtomicReference<Thread>();
        var decidesAtRelease = new CopyOnWriteArrayList<Boolean>();
        var only = electingAlone(work -> {
            deciding.set(Thread.ofPlatform().daemon().unstarted(work));
            return deciding.get();
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> deciding.get() != null);
        var closing = new AtomicBoolean();
        server.faults().before((verb, path) -> {
            if (closing.get() && verb.equals("update") && path.contains("/leases/")) {
                decidesAtRelease.add(deciding.get().isAlive());
            }
        });
        closing.set(true);
        only.close();
        assertThat(decidesAtRelease.getLast()).isFalse();
    }

    @Test
    void whatIsEndedWhileItBeginsDoesNotGoOn() throws InterruptedException {
        scheduler.close();
        var begins = new CountDownLatch(1);
        var deciding = new AtomicReference<Thread>();
        var only = electingAlone(work -> {
            deciding.set(new Thread(work, "deciding") {
                @Override
                public void start() {
                    begins.countDown();
                    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                    super.start();
                }
            });
            return deciding.get();
        });
        begins.await();
        only.close();
        assertThat(deciding.get().isAlive()).isFalse();
    }

    private SchedulerService electingAlone(ThreadFactory deciding) {
        return SchedulerService.start(
                server.vertx(),
                electing("only"),
                new SimpleMeterRegistry(),
                Time.system(),
                new SplittableRandom(1),
                deciding);
    }

    private SchedulerOptions electing(String identity) {
        return alone().withLeadership(new Leadership(
                true,
                "default",
                "kube-scheduler",
                identity,
                new LeaderElector.Timings(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(300))));
    }
}
