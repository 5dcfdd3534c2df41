package io.vertikube.apiserver.storage.etcd;

import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.vertikube.apiserver.storage.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for answers of etcd and tries again while it is away: an endpoint that died, no leader, a timeout. Every retry
 * may meet its own first attempt's effect, so only what can tell is retried. Blocks; safe for any thread.
 */
final class EtcdCalls {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Duration timeout;

    EtcdCalls(Duration timeout) {
        this.timeout = timeout;
    }

    /** An operation that may be sent several times. */
    interface Attempt<T> {
        /** @param uncertain whether an earlier attempt may have taken effect without our hearing of it */
        T send(boolean uncertain) throws CallFailed;
    }

    /** A call came back with an error of etcd or of the way to it. */
    static final class CallFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Status status;

        CallFailed(Status status, Throwable cause) {
            super(cause.getMessage(), cause, false, false);
            this.status = status;
        }

        boolean isTransient() {
            return switch (status.getCode()) {
                case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, ABORTED -> true;
                case RESOURCE_EXHAUSTED, UNKNOWN ->
                    says("too many requests") || says("leader changed") || says("timed out") || says("channel closed");
                default -> false;
            };
        }

        boolean says(String words) {
            return String.valueOf(getMessage()).contains(words);
        }
    }

    /** Sends until it is answered or the time is up. */
    <T> T retrying(String what, Attempt<T> attempt) throws CallFailed {
        long deadline = System.nanoTime() + timeout.toNanos();
        Duration pause = FIRST_PAUSE;
        boolean uncertain = false;
        while (true) {
            try {
                return attempt.send(uncertain);
            } catch (CallFailed e) {
                if (!e.isTransient()) {
                    throw e;
                }
                uncertain = true;
                if (System.nanoTime() + pause.toNanos() > deadline) {
                    throw new StoreUnavailable(
                            "etcd did not answer within " + timeout.toSeconds() + " s to " + what + ": "
                                    + e.getMessage(),
                            e);
                }
            }
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for etcd", e);
        }
    }

    /** The answer to one call, waited for no longer than half of the whole time. */
    <T> T answer(Supplier<CompletableFuture<T>> call) throws CallFailed {
        try {
            return call.get().get(timeout.toMillis() / 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CallFailed(status(e.getCause()), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new CallFailed(Status.DEADLINE_EXCEEDED, new TimeoutException("no answer in time"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for etcd", e);
        } catch (IllegalStateException e) {
            throw new StoreUnavailable("the connection to etcd is closed", e);
        }
    }

    static Status status(@Nullable Throwable e) {
        if (e instanceof CompactedException) {
            return Status.OUT_OF_RANGE;
        }
        if (e instanceof EtcdException known) {
            return Status.Code.valueOf(known.getErrorCode().name()).toStatus().withDescription(known.getMessage());
        }
        return e == null ? Status.UNKNOWN : Status.fromThrowable(e);
    }

    /** A refusal that is no outcome we know: permission, a full disk, a wrong version. */
    static StoreUnavailable refused(String what, CallFailed e) {
        String advice = e.says("database space exceeded") ? "; compact and defragment it, or raise its quota" : "";
        return new StoreUnavailable("etcd refused to " + what + ": " + e.getMessage() + advice, e);
    }
}
