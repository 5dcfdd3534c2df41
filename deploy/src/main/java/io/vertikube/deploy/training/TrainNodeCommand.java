package io.vertikube.deploy.training;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.deploy.cluster.OneJvm;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code vertikube train-node -- JAVA…}: starts a kubelet with the given Java command, on a cluster and a pretended runtime
 * of its own, has it run pods, and ends it. What the JVM is to note and where is in the command.
 */
@Command(
        name = "train-node",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "A short life of a kubelet that is a process of its own.")
public final class TrainNodeCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String NODE = "trained";
    private static final String NAMESPACE = "default";
    private static final int ROUNDS = 4;
    private static final int PODS = 20;
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"train-%d","namespace":"default","labels":{"app":"train"}},
             "spec":{"nodeName":"trained","terminationGracePeriodSeconds":0,"automountServiceAccountToken":false,
              "volumes":[{"name":"scratch","emptyDir":{}},{"name":"config","configMap":{"name":"train"}}],
              "containers":[{"name":"c","image":"train:1","imagePullPolicy":"IfNotPresent","command":["sleep","1000"],
               "env":[{"name":"A","value":"b"},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
                {"name":"K","valueFrom":{"configMapKeyRef":{"name":"train","key":"k"}}}],
               "volumeMounts":[{"name":"scratch","mountPath":"/scratch"},{"name":"config","mountPath":"/config"}],
               "resources":{"requests":{"cpu":"10m","memory":"8Mi"},"limits":{"memory":"16Mi"}}}]}}
            """;

    @Mixin
    private final TrainedJava java = new TrainedJava();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return TrainingGround.spend(this::live);
    }

    private void live(TrainingGround ground) throws IOException, InterruptedException {
        Path folder = ground.folder();
        Vertx vertx = Vertx.vertx();
        OneJvm services = OneJvm.start(vertx, ground.settings(), new Progress(null));
        try (PretendedRuntime runtime = new PretendedRuntime(folder.resolve("cri.sock"));
                ApiClient client = ApiClient.connect(vertx, KubeConfig.load(ground.admin()), "vertikube");
                var kubelet = TrainedProcess.start(command(folder, ground.admin(), runtime.endpoint()))) {
            kubelet.requireAlive();
            var readiness = new Readiness(client, new Progress(null));
            readiness.awaitDefaultAccount();
            readiness.awaitNodes(2);
            runPods(client);
        } finally {
            services.close();
            vertx.close().await();
        }
    }

    /** No cgroups, no network, nothing of the machine: only what the kubelet itself does. */
    private List<String> command(Path folder, Path kubeconfig, String endpoint) {
        return java.command(
                "kubelet",
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=" + NODE,
                "--node-ip=127.0.0.1",
                "--address=127.0.0.1",
                "--port=0",
                "--cluster-dns=10.96.0.10",
                "--container-runtime-endpoint=" + endpoint,
                "--cgroup-root=",
                "--eviction-hard=memory.available<1Mi",
                "--root-dir=" + folder.resolve(NODE),
                "--pod-logs-dir=" + folder.resolve("pod-logs"));
    }

    private static void runPods(ApiClient client) throws InterruptedException {
        client.of(ConfigMap.class)
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("train")
                        .endMetadata()
                        .addToData("k", "v")
                        .build());
        TypedClient<Pod> pods = client.of(Pod.class);
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < PODS; i++) {
                pods.create(Json.read(
                        POD.replace("%d", Integer.toString(number++)).getBytes(StandardCharsets.UTF_8), Pod.class));
            }
            await(pods, PODS, "Running");
            for (Pod pod : pods.list(NAMESPACE, ListOptions.all()).items()) {
                pods.delete(NAMESPACE, pod.getMetadata().getName());
            }
            await(pods, 0, "gone");
        }
    }

    private static void await(TypedClient<Pod> pods, int running, String what) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<Pod> all = pods.list(NAMESPACE, ListOptions.all()).items();
            if (all.size() == running
                    && all.stream()
                            .allMatch(pod -> "Running".equals(pod.getStatus().getPhase()))) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("pods of the training were not " + what + " within " + PATIENCE);
            }
            Thread.sleep(50);
        }
    }
}
