package io.vertikube.deploy.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Waits until a cluster serves and its nodes are Ready, and says so. Confined to the waiting thread. */
public final class Readiness {

    private static final Duration POLL = Duration.ofMillis(25);

    /** Where kube-proxy tells of itself unless a flag says otherwise. */
    private static final URI PROXY_READY = URI.create("http://127.0.0.1:10256/readyz/nftables");

    private static final int ANSWER_MILLIS = 2_000;

    private final ApiClient client;
    private final Progress progress;

    public Readiness(ApiClient client, Progress progress) {
        this.client = client;
        this.progress = progress;
    }

    /** Waits until the API answers a caller. */
    public void awaitApi() throws InterruptedException {
        while (!apiAnswers()) {
            Thread.sleep(POLL);
        }
        progress.step("API server is ready at " + client.config().server());
    }

    /** Waits until pods may be made in the namespace default: not before its service account is there. */
    public void awaitDefaultAccount() throws InterruptedException {
        while (!hasDefaultAccount()) {
            Thread.sleep(POLL);
        }
    }

    private boolean hasDefaultAccount() {
        try {
            return client.of(ServiceAccount.class).find("default", "default").isPresent();
        } catch (ApiException | UnreachableException e) {
            return false;
        }
    }

    /** Waits until so many nodes are Ready. */
    public void awaitNodes(int count) throws InterruptedException {
        TypedClient<Node> nodes = client.of(Node.class);
        String before = "";
        while (true) {
            List<Node> all = list(nodes);
            long ready = all.stream().filter(Readiness::isReady).count();
            if (ready >= count) {
                progress.ready(
                        count == 1
                                ? "node " + all.get(0).getMetadata().getName() + " is Ready"
                                : count + " nodes are Ready");
                return;
            }
            String now = all.isEmpty() ? "" : reason(all.get(0));
            if (!now.isEmpty() && !now.equals(before)) {
                progress.step("node is not ready yet: " + now);
                before = now;
            }
            Thread.sleep(POLL);
        }
    }

    /** Waits until Services lead somewhere from this machine: until then a node port is refused. */
    public void awaitProxy() throws InterruptedException {
        String before = "";
        while (true) {
            Optional<String> problem = proxyProblem();
            if (problem.isEmpty()) {
                progress.step("Services are reachable");
                return;
            }
            if (!problem.get().equals(before)) {
                before = problem.get();
                progress.step("Services are not reachable yet: " + before);
            }
            Thread.sleep(POLL);
        }
    }

    private static Optional<String> proxyProblem() {
        try {
            var asked = (HttpURLConnection) PROXY_READY.toURL().openConnection(Proxy.NO_PROXY);
            asked.setConnectTimeout(ANSWER_MILLIS);
            asked.setReadTimeout(ANSWER_MILLIS);
            try {
                return asked.getResponseCode() == HttpURLConnection.HTTP_OK
                        ? Optional.empty()
                        : Optional.of("kube-proxy has not written its rules");
            } finally {
                asked.disconnect();
            }
        } catch (IOException e) {
            return Optional.of("kube-proxy does not answer");
        }
    }

    private boolean apiAnswers() {
        try {
            client.raw("GET", "/readyz", null, null, "text/plain");
            return true;
        } catch (ApiException | UnreachableException e) {
            return false;
        }
    }

    private static List<Node> list(TypedClient<Node> nodes) {
        try {
            return nodes.list("", ListOptions.all()).items();
        } catch (ApiException | UnreachableException e) {
            return List.of();
        }
    }

    private static boolean isReady(Node node) {
        return conditions(node).stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static String reason(Node node) {
        return conditions(node).stream()
                .filter(c -> c.getType().equals("Ready") && !c.getStatus().equals("True"))
                .map(NodeCondition::getMessage)
                .filter(m -> m != null && !m.isBlank())
                .findFirst()
                .orElse("");
    }

    private static List<NodeCondition> conditions(Node node) {
        return node.getStatus() == null || node.getStatus().getConditions() == null
                ? List.of()
                : node.getStatus().getConditions();
    }
}
