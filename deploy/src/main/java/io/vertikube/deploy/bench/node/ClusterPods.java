package io.vertikube.deploy.bench.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The same pods through the front door: created at the API server, placed by the scheduler, started by the kubelet, seen
 * by a watch.
 */
final class ClusterPods implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String NAMESPACE = "default";

    /**
     * What each pod took from before its creation was asked for.
     *
     * @param whole from before the first was asked for until the last was Ready
     */
    record Took(List<Duration> running, List<Duration> ready, Duration whole) {}

    /** Of one pod on its way. */
    private static final class Course {
        private final long asked = System.nanoTime();
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch gone = new CountDownLatch(1);
        private volatile long runningAt;
        private volatile long readyAt;
    }

    private final TypedClient<Pod> pods;
    private final Informer<Pod> informer;
    private final String image;
    private final Map<String, Course> courses = new ConcurrentHashMap<>();
    private int made;

    ClusterPods(ApiClient client, String image) throws InterruptedException {
        this.pods = client.of(Pod.class);
        this.image = image;
        this.informer = Informer.create(client, Pod.class, NAMESPACE, ListOptions.all());
        informer.onChange((old, fresh) -> {
            if (fresh != null) {
                find(fresh).ifPresent(course -> look(course, fresh));
            } else if (old != null) {
                find(old).ifPresent(course -> course.gone.countDown());
            }
        });
        informer.start();
        informer.awaitSync(PATIENCE);
    }

    /** One alone; it is deleted again, unmeasured. */
    Took single() throws InterruptedException {
        List<Course> one = create(1);
        Took took = await(one);
        delete();
        return took;
    }

    /** So many at once; they stay. */
    Took burst(int count) throws InterruptedException {
        return await(create(count));
    }

    /** Takes away all that were made; answers how long it took until the last was gone. */
    Duration delete() throws InterruptedException {
        long began = System.nanoTime();
        for (String name : List.copyOf(courses.keySet())) {
            pods.delete(NAMESPACE, name);
        }
        for (Course course : courses.values()) {
            require(course.gone, "gone");
        }
        courses.clear();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void close() {
        informer.close();
    }

    /** Asked for by as many callers, as controllers do. */
    private List<Course> create(int count) throws InterruptedException {
        List<Course> result = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Pod>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = "bench-" + made++;
                Pod pod = pod(name);
                var course = new Course();
                courses.put(name, course);
                result.add(course);
                answers.add(callers.submit(() -> pods.create(pod)));
            }
            for (Future<Pod> answer : answers) {
                answer.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pod was not created: " + e.getCause(), e.getCause());
        }
        return result;
    }

    private Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sleep", "1000000")
                .endContainer()
                .endSpec()
                .build();
    }

    private Optional<Course> find(Pod pod) {
        return Optional.ofNullable(courses.get(pod.getMetadata().getName()));
    }

    private static void look(Course course, Pod pod) {
        long now = System.nanoTime();
        if (course.runningAt == 0 && "Running".equals(pod.getStatus().getPhase())) {
            course.runningAt = now;
        }
        if (course.readyAt == 0 && isReady(pod)) {
            course.readyAt = now;
            course.ready.countDown();
        }
    }

    private static boolean isReady(Pod pod) {
        List<PodCondition> conditions = pod.getStatus().getConditions();
        return conditions != null
                && conditions.stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    private static Took await(List<Course> courses) throws InterruptedException {
        List<Duration> running = new ArrayList<>();
        List<Duration> ready = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (Course course : courses) {
            require(course.ready, "Ready");
            running.add(Duration.ofNanos(course.runningAt - course.asked));
            ready.add(Duration.ofNanos(course.readyAt - course.asked));
            last = Math.max(last, course.readyAt);
        }
        return new Took(running, ready, Duration.ofNanos(last - courses.getFirst().asked));
    }

    private static void require(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a pod was not " + what + " within " + PATIENCE);
        }
    }
}
