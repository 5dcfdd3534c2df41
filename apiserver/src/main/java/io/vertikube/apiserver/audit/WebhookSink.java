package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events in batches to a service, as {@code EventList}. A service that is slow or away holds up no request: what it
 * does not take after some tries, and what does not fit the buffer, is counted and dropped. One virtual thread of its
 * own; {@link #write} takes any thread.
 */
final class WebhookSink implements AuditSink {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSink.class);

    private final Consumer<byte[]> post;
    private final AuditLimits limits;
    private final Runnable dropped;
    private final BlockingQueue<ObjectNode> buffer;
    private final Thread thread;
    private volatile boolean closing;

    /** @param post sends a body and returns when it is taken; throws if it is not */
    WebhookSink(Consumer<byte[]> post, AuditLimits limits, Runnable dropped) {
        this.post = post;
        this.limits = limits;
        this.dropped = dropped;
        this.buffer = new ArrayBlockingQueue<>(limits.webhookBuffer());
        this.thread = Thread.ofVirtual().name("audit-webhook").start(this::run);
    }

    @Override
    public void write(ObjectNode event) {
        if (!buffer.offer(event)) {
            dropped.run();
        }
    }

    @Override
    public void flush() {}

    private void run() {
        while (!closing || !buffer.isEmpty()) {
            List<ObjectNode> batch = batch();
            if (!batch.isEmpty()) {
                send(batch);
            }
        }
    }

    /** As many as come within the time that a batch may wait. */
    private List<ObjectNode> batch() {
        var batch = new ArrayList<ObjectNode>();
        long until = System.nanoTime() + limits.webhookWait().toNanos();
        while (batch.size() < limits.webhookBatch()) {
            try {
                long left = closing ? 0 : until - System.nanoTime();
                ObjectNode event = buffer.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
                if (event == null) {
                    return batch;
                }
                batch.add(event);
            } catch (InterruptedException e) {
                // The server stops: what waits is sent now.
                closing = true;
            }
        }
        return batch;
    }

    private void send(List<ObjectNode> batch) {
        ObjectNode list = Json.object();
        list.put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1");
        list.putObject("metadata");
        var items = list.putArray("items");
        batch.forEach(items::add);
        byte[] body = Json.bytes(list);
        Duration rest = limits.webhookBackoff();
        for (int attempt = 1; ; attempt++) {
            try {
                post.accept(body);
                return;
            } catch (RuntimeException e) {
                if (attempt >= limits.webhookTries() || !pause(rest)) {
                    LOG.error("{} audit events were not taken by the webhook: {}", batch.size(), e.getMessage());
                    batch.forEach(event -> dropped.run());
                    return;
                }
                rest = rest.multipliedBy(2);
            }
        }
    }

    private boolean pause(Duration rest) {
        if (closing) {
            return false;
        }
        try {
            Thread.sleep(rest);
            return true;
        } catch (InterruptedException e) {
            closing = true;
            return true;
        }
    }

    /** What waits is sent once more. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
