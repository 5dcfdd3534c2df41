package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pods of this node and their workers. The informer's thread, the relist and probes only wake workers. Safe for any
 * thread.
 */
public final class Pods implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);

    private final PodTools tools;
    private final ApiClient client;
    private final Informer<Pod> informer;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Workers begin when {@link #start()} is called. */
    public Pods(PodTools tools, ApiClient client, Informer<Pod> informer) {
        this.tools = tools;
        this.client = client;
        this.informer = informer;
    }

    public void start() {
        informer.onChange(this::changed);
    }

    public void wake(String podUid) {
        PodWorker worker = workers.get(podUid);
        if (worker != null) {
            worker.wake();
        }
    }

    /** Whether a list of the API's pods has been seen, so that what is not in it is known to be gone. */
    public boolean synced() {
        return informer.synced();
    }

    public List<Pod> all() {
        return informer.list();
    }

    public Optional<Pod> find(String namespace, String name) {
        return informer.get(new io.vertikube.object.ObjectKey(namespace, name));
    }

    public boolean knows(String podUid) {
        return workers.containsKey(podUid);
    }

    /** The runtime has something of a pod that no worker looks after: if the API does not know it, it goes. */
    public void foundInRuntime(PodIdentity pod) {
        boolean inApi = find(pod.namespace(), pod.name())
                .filter(known -> known.getMetadata().getUid().equals(pod.uid()))
                .isPresent();
        if (!synced() || inApi || closed) {
            return;
        }
        workers.computeIfAbsent(pod.uid(), uid -> {
            LOG.info("{} is on this machine but not in the API: cleaning up", pod);
            return begin(pod, null);
        });
    }

    /** Leaves all pods as they are. */
    @Override
    public void close() {
        closed = true;
        workers.values().forEach(PodWorker::abandon);
    }

    private void changed(@Nullable Pod old, @Nullable Pod pod) {
        if (closed) {
            return;
        }
        if (old != null
                && (pod == null
                        || !old.getMetadata().getUid().equals(pod.getMetadata().getUid()))) {
            PodWorker worker = workers.get(old.getMetadata().getUid());
            if (worker != null) {
                worker.want(null, old);
            }
        }
        if (pod == null) {
            return;
        }
        workers.compute(pod.getMetadata().getUid(), (uid, worker) -> {
            if (worker != null) {
                worker.want(pod, pod);
                return worker;
            }
            return begin(SandboxConfigs.identity(pod), pod);
        });
    }

    private PodWorker begin(PodIdentity identity, @Nullable Pod pod) {
        var worker = new PodWorker(tools, client, identity, pod, this::finished);
        worker.start();
        return worker;
    }

    private void finished(PodWorker worker) {
        workers.remove(worker.identity().uid(), worker);
    }
}
