package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.front.Call;
import io.vertikube.object.ApiErrors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be in flight, reads and writes counted apart; the rest are told to come again. Requests that are
 * meant to last are not counted. Safe for any thread.
 */
public final class InFlight {

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final int mostReads;
    private final int mostWrites;

    /** Counts, and refuses nothing. */
    public static InFlight unlimited() {
        return new InFlight(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public InFlight(int mostReads, int mostWrites) {
        this.mostReads = mostReads;
        this.mostWrites = mostWrites;
    }

    /** Takes a place until the call ends, or throws 429. */
    void enter(Call call) {
        if (call.info().longRunning() || call.user().in("system:masters")) {
            return;
        }
        AtomicInteger counter = call.info().readOnly() ? reads : writes;
        int most = call.info().readOnly() ? mostReads : mostWrites;
        if (counter.incrementAndGet() > most) {
            counter.decrementAndGet();
            throw ApiErrors.tooManyRequests("Too many requests, please try again later.", 1);
        }
        call.onEnd(counter::decrementAndGet);
    }

    int reads() {
        return reads.get();
    }

    int writes() {
        return writes.get();
    }
}
