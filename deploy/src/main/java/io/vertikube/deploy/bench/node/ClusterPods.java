package io.vertikube.deploy.bench.node;

import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import java.nio.charset.StandardCharsets;
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
    private static final String COLLECTION = "/api/v1/namespaces/" + NAMESPACE + "/pods";

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

    private final ApiClient client;
    private final TypedClient<SeenPod> pods;
    private final Informer<SeenPod> informer;
    private final String image;
    private final Map<String, Course> courses = new ConcurrentHashMap<>();
    private int made;

    ClusterPods(ApiClient client, String image) throws InterruptedException {
        this.client = client;
        this.pods = client.of(SeenPod.class);
        this.image = image;
        this.informer = Informer.create(client, SeenPod.class, NAMESPACE, ListOptions.all());
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
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = "bench-" + made++;
                byte[] pod = pod(name);
                var course = new Course();
                courses.put(name, course);
                result.add(course);
                answers.add(callers.submit(() -> client.raw("POST", COLLECTION, "application/json", pod)));
            }
            for (Future<byte[]> answer : answers) {
                answer.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pod was not created: " + e.getCause(), e.getCause());
        }
        return result;
    }

    private byte[] pod(String name) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"}, "spec": {
                  "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false,
                  "containers": [{"name": "main", "image": "%s", "imagePullPolicy": "IfNotPresent",
                    "command": ["sleep", "1000000"]}]}}""".formatted(name, image).getBytes(StandardCharsets.UTF_8);
    }

    private Optional<Course> find(SeenPod pod) {
        return Optional.ofNullable(courses.get(pod.getMetadata().getName()));
    }

    private static void look(Course course, SeenPod pod) {
        long now = System.nanoTime();
        if (course.runningAt == 0 && pod.isRunning()) {
            course.runningAt = now;
        }
        if (course.readyAt == 0 && pod.isReady()) {
            course.readyAt = now;
            course.ready.countDown();
        }
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
