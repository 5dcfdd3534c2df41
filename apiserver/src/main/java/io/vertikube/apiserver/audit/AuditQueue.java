package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From requests to sinks: events are rendered and written by one virtual thread. While it lags by more than its limit,
 * requests wait for it, so that none goes unrecorded. Safe for any thread.
 */
final class AuditQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditQueue.class);
    private static final int BATCH = 256;

    private final BlockingQueue<Object> queue;
    private final EventRenderer renderer;
    private final List<AuditSink> sinks;
    private final Runnable failed;
    private final Thread thread;
    private final Object end = new Object();

    /**
     * @param most events that may wait
     * @param failed told of each event that a sink could not take
     */
    AuditQueue(int most, EventRenderer renderer, List<AuditSink> sinks, Runnable failed) {
        this.queue = new ArrayBlockingQueue<>(most);
        this.renderer = renderer;
        this.sinks = List.copyOf(sinks);
        this.failed = failed;
        this.thread = Thread.ofVirtual().name("audit").start(this::run);
    }

    void add(AuditEvent event) {
        put(event);
    }

    private void put(Object item) {
        try {
            queue.put(item);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var batch = new ArrayList<Object>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH);
                boolean over = batch.contains(end);
                for (Object item : batch) {
                    if (item instanceof AuditEvent event) {
                        write(event);
                    }
                }
                batch.clear();
                flush();
                if (over) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("no more audit events are written");
        }
    }

    private void write(AuditEvent event) {
        try {
            ObjectNode tree = renderer.render(event);
            sinks.forEach(sink -> sink.write(tree));
        } catch (RuntimeException e) {
            failed.run();
            LOG.error("an audit event could not be written: {}", e.getMessage());
        }
    }

    private void flush() {
        for (AuditSink sink : sinks) {
            try {
                sink.flush();
            } catch (RuntimeException e) {
                failed.run();
                LOG.error("audit events could not be written: {}", e.getMessage());
            }
        }
    }

    /** Writes what waits, then closes the sinks. */
    @Override
    public void close() {
        put(end);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sinks.forEach(AuditSink::close);
    }
}
