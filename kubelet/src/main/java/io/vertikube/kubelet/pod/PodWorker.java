package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ApiClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one pod from its first sight until nothing of it is left. A virtual thread does everything; others only
 * set what is wanted and wake it.
 */
final class PodWorker {

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final PodTools tools;
    private final PodState state;
    private final PodRun run;
    private final PodTermination termination;
    private final Consumer<PodWorker> finished;
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final Thread thread;
    private volatile @Nullable Pod wanted;
    private volatile @Nullable EndRequest endRequest;
    private volatile boolean endTaken;

    /** Something other than the API asks for a look. */
    private final AtomicBoolean asked = new AtomicBoolean();

    /** What the last look was made for. */
    private @Nullable Pod led;

    private volatile @Nullable Pod last;
    private boolean terminated;

    /**
     * Makes one; its thread begins with {@link #start()}.
     *
     * @param wanted null for a pod that the runtime has and the API does not
     * @param isNew whether the runtime is known to have nothing of it
     */
    PodWorker(
            PodTools tools,
            ApiClient client,
            PodIdentity identity,
            @Nullable Pod wanted,
            boolean isNew,
            Consumer<PodWorker> finished) {
        this.tools = tools;
        this.state = new PodState(identity, tools.clock());
        this.state.unmade = isNew;
        this.run = new PodRun(tools, state, this::endWanted, this::takeEnd);
        this.termination = new PodTermination(tools, state, client);
        this.finished = finished;
        this.wanted = wanted;
        this.last = wanted;
        this.thread = Thread.ofVirtual()
                .name("pod-" + identity.namespace() + "-" + identity.name())
                .unstarted(this::work);
    }

    /** Somebody else on this machine wants the pod to end. Immutable. */
    record EndRequest(PodStatusPlan.PodEnd why, OptionalLong graceSeconds) {}

    PodIdentity identity() {
        return state.identity;
    }

    /** Whether it looks after a pod of a manifest. */
    boolean wasStatic() {
        Pod seen = last;
        return seen != null && PodOrigin.isStatic(seen);
    }

    void start() {
        thread.start();
    }

    /** Stops looking after it; its containers run on. */
    void abandon() {
        thread.interrupt();
    }

    void wake() {
        asked.set(true);
        bell.offer(true);
    }

    /** The runtime's list of all pods, complete then, had this of it. */
    void listed(int mark, long at) {
        if (state.news.listed(mark, at)) {
            bell.offer(true);
        }
    }

    /** The pod as the API has it now; null when it is gone, with what was last seen of it kept. */
    void want(@Nullable Pod pod, Pod lastSeen) {
        last = lastSeen;
        wanted = pod;
        bell.offer(true);
    }

    /** Has it end and fail; answers false when that was asked before. */
    boolean end(EndRequest request) {
        if (endRequest != null) {
            return false;
        }
        endRequest = request;
        wake();
        return true;
    }

    private Optional<EndRequest> takeEnd() {
        endTaken = endRequest != null;
        return Optional.ofNullable(endRequest);
    }

    private boolean endWanted() {
        Pod pod = wanted;
        return pod == null || pod.getMetadata().getDeletionTimestamp() != null || (endRequest != null && !endTaken);
    }

    private void work() {
        try {
            Duration rest = Duration.ZERO;
            while (!rest.isNegative()) {
                rest = step(rest);
            }
            finished.accept(this);
        } catch (InterruptedException e) {
            LOG.debug("{} is left as it is", state.identity);
        }
    }

    /** Sleeps until there is something to look at; the API's echo of a status that was written here is nothing. */
    private void rest(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long left = time.isPositive() ? time.toMillis() + 1 : 0;
        while (left > 0 && bell.poll(left, TimeUnit.MILLISECONDS) != null && !isAsked() && isEcho()) {
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1;
        }
    }

    private boolean isAsked() {
        return asked.get() || state.news.areNew();
    }

    private boolean isEcho() {
        Pod before = led;
        Pod now = wanted;
        boolean echo = before != null
                && now != null
                && tools.status()
                        .wroteAllBetween(
                                state.identity.uid(),
                                before.getMetadata().getResourceVersion(),
                                now.getMetadata().getResourceVersion());
        if (echo) {
            led = now;
        }
        return echo;
    }

    /** Rests and looks at the pod once, whatever fails; answers how long to rest then, negative when nothing of it is left. */
    private Duration step(Duration before) throws InterruptedException {
        try {
            rest(before);
            Duration rest = lead();
            state.failures = 0;
            return rest;
        } catch (RuntimeFailure | ApiException | UnreachableException | IOException e) {
            LOG.warn("{}: again later: {}", state.identity, e.getMessage());
            return retry();
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            LOG.error("{}: again later", state.identity, e);
            return retry();
        }
    }

    private Duration lead() throws InterruptedException, IOException {
        boolean areNews = state.news.take();
        boolean wasAsked = asked.getAndSet(false) || areNews;
        Pod pod = wanted;
        led = pod;
        if (pod == null) {
            termination.cleanUp(last);
            return Duration.ofMillis(-1);
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            if (!terminated) {
                termination.terminate(pod, this::graceSeconds);
                terminated = true;
            }
            // The API's watch tells when the object is gone.
            return wanted == null ? Duration.ZERO : Duration.ofMinutes(1);
        }
        return run.lead(pod, wasAsked);
    }

    /** None once the object is gone. */
    private long graceSeconds() {
        Pod pod = wanted;
        if (pod == null) {
            return 1;
        }
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        return grace == null ? 30 : grace;
    }

    private Duration retry() {
        state.failures++;
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(state.failures - 1, 10));
        return delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
    }
}
