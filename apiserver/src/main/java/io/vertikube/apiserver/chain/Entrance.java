package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.front.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait until there is somebody to take them: the listener may stand before all that is behind it, so that the
 * handshakes of the first clients pass meanwhile. Each goes on, on its event loop, in the order in which it came. Safe for any
 * thread.
 */
public final class Entrance implements Consumer<Call> {
    private volatile @Nullable Consumer<Call> inside;
    private final List<Call> waiting = new ArrayList<>();

    @Override
    public void accept(Call call) {
        Consumer<Call> open = inside;
        if (open == null) {
            open = waitUnlessOpen(call);
        }
        if (open != null) {
            open.accept(call);
        }
    }

    /** Lets in who waits and who comes. */
    public void open(Consumer<Call> next) {
        synchronized (waiting) {
            for (Call call : waiting) {
                call.context().runOnContext(v -> {
                    call.request().resume();
                    call.step(() -> next.accept(call));
                });
            }
            waiting.clear();
            inside = next;
        }
    }

    private @Nullable Consumer<Call> waitUnlessOpen(Call call) {
        synchronized (waiting) {
            Consumer<Call> open = inside;
            if (open == null) {
                call.request().pause();
                waiting.add(call);
            }
            return open;
        }
    }
}
