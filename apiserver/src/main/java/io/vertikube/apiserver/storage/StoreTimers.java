package io.vertikube.apiserver.storage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertikube.object.ApiErrors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Times the writes to the store, and turns a store that is away into the answer a client gets. Safe for any thread. */
final class StoreTimers {

    private final Timer create;
    private final Timer update;
    private final Timer delete;

    StoreTimers(MeterRegistry metrics) {
        create = timer(metrics, "create");
        update = timer(metrics, "update");
        delete = timer(metrics, "delete");
    }

    private static Timer timer(MeterRegistry metrics, String operation) {
        return Timer.builder("apiserver.store.request")
                .description("Time until a write is durable in the store")
                .tag("operation", operation)
                .register(metrics);
    }

    long create(LongSupplier write) {
        return timed(create, write::getAsLong);
    }

    long update(LongSupplier write) {
        return timed(update, write::getAsLong);
    }

    StoreEntry delete(Supplier<StoreEntry> write) {
        return timed(delete, write);
    }

    private static <T> T timed(Timer timer, Supplier<T> write) {
        long begin = System.nanoTime();
        try {
            return write.get();
        } catch (StoreUnavailable e) {
            throw ApiErrors.serviceUnavailable(String.valueOf(e.getMessage()));
        } finally {
            timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }
}
