package io.vertikube.apiserver.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.object.ApiErrors;
import io.vertikube.service.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Logs, exec, attach, port-forward and the proxies: finds out where a request goes and has it carried. Event loop. */
public final class KubeletStreams implements Consumer<Call>, AutoCloseable {

    /** Paths of a kubelet that run something, which the right to read through a node's proxy does not cover. */
    private static final Set<String> RUNNING = Set.of("exec", "attach", "run", "portForward", "cri");

    private final ObjectStorage storage;
    private final Targets targets;
    private final Backends backends;
    private final ProxyLimits limits;

    private KubeletStreams(ObjectStorage storage, Targets targets, Backends backends, ProxyLimits limits) {
        this.storage = storage;
        this.targets = targets;
        this.backends = backends;
        this.limits = limits;
    }

    /**
     * @param client what kubelets are shown
     * @param authority whose kubelets are believed, PEM
     * @param loopback whether nodes and pods may have loopback addresses
     */
    public static KubeletStreams create(
            Vertx vertx,
            ObjectStorage storage,
            Certificates.Pair client,
            byte[] authority,
            boolean loopback,
            ProxyLimits limits) {
        return new KubeletStreams(
                storage,
                new Targets(loopback, () -> ThreadLocalRandom.current().nextLong()),
                new Backends(vertx, client, authority, limits),
                limits);
    }

    /** Pages of kubelets for the server's own use. */
    public KubeletPages pages() {
        return new KubeletPages(storage, targets, backends);
    }

    @Override
    public void accept(Call call) {
        call.request().pause();
        storage.read(Read.latest())
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        refuse(call, failure);
                        return;
                    }
                    try {
                        carry(call, snapshot);
                    } catch (Throwable e) {
                        refuse(call, e);
                    }
                }));
    }

    /** Nobody takes the body; it must not stand in the way of what follows it. */
    private static void refuse(Call call, Throwable why) {
        call.request().resume();
        call.fail(why);
    }

    /** The request is paused: whoever takes its body resumes it. */
    private void carry(Call call, Snapshot snapshot) {
        RequestInfo info = call.info();
        switch (info.subresource()) {
            case "log" -> log(call, snapshot);
            case "exec" -> pod(call, snapshot, p -> KubeletPaths.exec(p, call.query()));
            case "attach" -> pod(call, snapshot, p -> KubeletPaths.attach(p, call.query()));
            case "portforward" -> pod(call, snapshot, p -> KubeletPaths.portForward(p, call.query()));
            default -> proxy(call, snapshot);
        }
    }

    private void log(Call call, Snapshot snapshot) {
        JsonNode pod =
                targets.pod(snapshot, call.info().namespace(), call.info().name());
        String uri = KubeletPaths.log(pod, call.query());
        String node = Trees.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            call.request().resume();
            call.answer(Answer.text(200, ""));
            return;
        }
        LogRelay.stream(call, targets.kubelet(snapshot, node), uri, backends, limits);
    }

    private void pod(Call call, Snapshot snapshot, java.util.function.Function<JsonNode, String> path) {
        JsonNode pod =
                targets.pod(snapshot, call.info().namespace(), call.info().name());
        if (!Tunnel.isUpgrade(call)) {
            throw ApiErrors.badRequest("Upgrade request required");
        }
        String uri = path.apply(pod);
        String node = Trees.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            throw ApiErrors.badRequest("pod " + call.info().name() + " does not have a host assigned");
        }
        Tunnel.open(call, targets.kubelet(snapshot, node), uri, backends, limits);
    }

    private void proxy(Call call, Snapshot snapshot) {
        RequestInfo info = call.info();
        Target target =
                switch (info.resource()) {
                    case "nodes" -> targets.nodeProxy(snapshot, info.name());
                    case "pods" -> targets.podProxy(snapshot, info.namespace(), info.name());
                    default -> targets.serviceProxy(snapshot, info.namespace(), info.name());
                };
        String path = info.remainder().isEmpty() ? "/" : info.remainder();
        String query = call.request().query();
        String asked = query == null || query.isEmpty() ? "" : "?" + query;
        String prefix = prefix(info);
        boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
        if (info.remainder().isEmpty() && reads && !Tunnel.isUpgrade(call)) {
            // Else the relative links of what is there would lead beside the proxy.
            call.answer(
                    new Answer(301, "text/plain", Buffer.buffer(), List.of()).with("Location", prefix + "/" + asked));
            return;
        }
        if (target.kubelet() && (Tunnel.isUpgrade(call) || runs(path))) {
            throw ApiErrors.of(
                    403, "Forbidden", "nothing is run through a node's proxy; use pods/exec or pods/attach", null);
        }
        String uri = path + asked;
        if (Tunnel.isUpgrade(call)) {
            Tunnel.open(call, target, uri, backends, limits);
        } else {
            HttpRelay.relay(call, target, uri, prefix, backends);
        }
    }

    /** The path of the proxy itself, as the client reaches it. */
    private static String prefix(RequestInfo info) {
        return "/api/" + info.version() + (info.namespace().isEmpty() ? "" : "/namespaces/" + info.namespace()) + "/"
                + info.resource() + "/" + info.name() + "/proxy";
    }

    private static boolean runs(String path) {
        if (path.indexOf('%') >= 0 || path.contains("..") || path.contains("//")) {
            return true;
        }
        String[] parts = path.split("/");
        return parts.length > 1 && RUNNING.contains(parts[1]);
    }

    @Override
    public void close() {
        backends.close();
    }
}
