package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.ShownPod;
import io.vertikube.object.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** Pods of manifests, by uid. Changed under its own monitor. */
    private final Map<String, Pod> statics = new ConcurrentHashMap<>();

    private volatile Runnable staticEnded = () -> {};
    private volatile boolean allStaticsTold = true;
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

    /** A list of the runtime's pods, complete then, had this of one: its worker looks, unless it has seen that itself. */
    void listed(String podUid, int mark, long at) {
        PodWorker worker = workers.get(podUid);
        if (worker != null) {
            worker.listed(mark, at);
        }
    }

    /** Has a pod end and fail; answers false when it is not here or ends already. */
    public boolean end(String podUid, PodStatusPlan.PodEnd why, OptionalLong graceSeconds) {
        PodWorker worker = workers.get(podUid);
        return worker != null && worker.end(new PodWorker.EndRequest(why, graceSeconds));
    }

    /** A pod's phase as this kubelet sees it; empty before it has looked. */
    public String phase(Pod pod) {
        return tools.status()
                .published(pod.getMetadata().getUid())
                .or(() -> Optional.ofNullable(pod.getStatus()))
                .map(PodStatus::getPhase)
                .orElse("");
    }

    /** Whether nothing of the pod of this uid will run any more; a pod that nobody knows is over. */
    public boolean isOver(String podUid) {
        return all().stream()
                .filter(pod -> pod.getMetadata().getUid().equals(podUid))
                .map(this::phase)
                .allMatch(phase -> phase.equals("Succeeded") || phase.equals("Failed"));
    }

    /** Whether all who want pods have told theirs, API and manifests, so that what is not among them is known to be gone. */
    public boolean synced() {
        return informer.synced() && allStaticsTold;
    }

    /** Pods of the API and of manifests; mirrors are only pictures of the latter. */
    public List<Pod> all() {
        return Stream.concat(
                        informer.list().stream().filter(pod -> !PodOrigin.isMirror(pod)),
                        statics.values().stream().map(this::withStatus))
                .toList();
    }

    public Optional<Pod> find(String namespace, String name) {
        ObjectKey key = new ObjectKey(namespace, name);
        return statics.values().stream()
                .filter(pod -> ObjectKey.of(pod).equals(key))
                .findFirst()
                .map(this::withStatus)
                .or(() -> informer.get(key));
    }

    /**
     * Has exactly these pods of manifests run, by uid; one that changed waits until its predecessor has ended.
     *
     * @param complete whether there may be no more of which nobody has told yet
     */
    public void statics(Map<String, Pod> wanted, boolean complete) {
        synchronized (statics) {
            Map<String, Pod> before = Map.copyOf(statics);
            statics.keySet().retainAll(wanted.keySet());
            statics.putAll(wanted);
            before.forEach((uid, pod) -> {
                PodWorker worker = workers.get(uid);
                if (!wanted.containsKey(uid) && worker != null) {
                    LOG.info("static pod {} is wanted no more", worker.identity());
                    worker.want(null, pod);
                }
            });
            startStatics();
            allStaticsTold = complete;
        }
        staticEnded.run();
    }

    public Collection<Pod> statics() {
        return List.copyOf(statics.values());
    }

    /** Names of what came from manifests and still runs, though none wants it any more. */
    public Set<ObjectKey> endingStatics() {
        return workers.values().stream()
                .filter(PodWorker::wasStatic)
                .map(worker -> key(worker.identity()))
                .collect(Collectors.toSet());
    }

    /** Has something told whenever pods of manifests come or are gone. */
    public void onStatics(Runnable listener) {
        staticEnded = listener;
    }

    public boolean knows(String podUid) {
        return workers.containsKey(podUid);
    }

    /** The runtime has something of a pod that no worker looks after: if the API does not know it, it goes. */
    public void foundInRuntime(PodIdentity pod) {
        boolean inApi = informer.get(key(pod))
                .filter(known -> known.getMetadata().getUid().equals(pod.uid()))
                .isPresent();
        if (!synced() || inApi || closed || statics.containsKey(pod.uid())) {
            return;
        }
        workers.computeIfAbsent(pod.uid(), uid -> {
            LOG.info("{} is on this machine but not in the API: cleaning up", pod);
            return begin(pod, null, false);
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
                && !PodOrigin.isMirror(old)
                && (pod == null
                        || !old.getMetadata().getUid().equals(pod.getMetadata().getUid()))) {
            PodWorker worker = workers.get(old.getMetadata().getUid());
            if (worker != null) {
                worker.want(null, old);
            }
        }
        if (pod == null || PodOrigin.isMirror(pod)) {
            return;
        }
        workers.compute(pod.getMetadata().getUid(), (uid, worker) -> {
            if (worker != null) {
                worker.want(pod, pod);
                return worker;
            }
            // What comes after the first list was made while this kubelet ran: nothing of it is there that a list has
            // not. A pod that was known before may have run to its end since the runtime was listed.
            boolean isNew = old == null && informer.synced() && tools.observer().hasNothingOf(uid);
            return begin(SandboxConfigs.identity(pod), pod, isNew);
        });
    }

    private PodWorker begin(PodIdentity identity, @Nullable Pod pod, boolean isNew) {
        var worker = new PodWorker(tools, client, identity, pod, isNew, this::finished);
        worker.start();
        return worker;
    }

    private void finished(PodWorker worker) {
        workers.remove(worker.identity().uid(), worker);
        synchronized (statics) {
            startStatics();
        }
        if (worker.wasStatic()) {
            staticEnded.run();
        }
    }

    private void startStatics() {
        for (Pod pod : statics.values()) {
            PodIdentity identity = SandboxConfigs.identity(pod);
            boolean busy = workers.values().stream()
                    .anyMatch(worker -> key(worker.identity()).equals(key(identity)) && worker.wasStatic());
            if (!closed && !busy) {
                LOG.info("static pod {} is to run", identity);
                workers.computeIfAbsent(identity.uid(), uid -> begin(identity, pod, false));
            }
        }
    }

    private Pod withStatus(Pod pod) {
        return tools.status()
                .published(pod.getMetadata().getUid())
                .map(status -> ShownPod.of(pod, status))
                .orElse(pod);
    }

    private static ObjectKey key(PodIdentity pod) {
        return new ObjectKey(pod.namespace(), pod.name());
    }
}
