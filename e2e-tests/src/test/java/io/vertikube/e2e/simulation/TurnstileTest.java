package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class TurnstileTest {

    private static final List<String> WRITES = List.of("a", "b", "c", "d", "e", "f");

    @Test
    void whoPassesFirstIsUpToTheSeedAndNotToWhoCameFirst() {
        List<String> there = order(7, WRITES);
        assertThat(there).containsExactlyInAnyOrderElementsOf(WRITES);
        assertThat(order(7, WRITES.reversed())).isEqualTo(there);
        assertThat(List.of(order(8, WRITES), order(9, WRITES), order(10, WRITES)))
                .anySatisfy(other -> assertThat(other).isNotEqualTo(there));
    }

    @Test
    void readsPassBeforeWritesAndAnswersBeforeBoth() {
        var turnstile = new Turnstile(1);
        turnstile.open(false);
        var passed = new CopyOnWriteArrayList<String>();
        ask(turnstile, "PUT", "write", passed);
        ask(turnstile, "GET", "read", passed);
        await().until(() -> turnstile.waiting() == 2);
        assertThat(turnstile.next()).isTrue();
        await().until(() -> turnstile.answers() == 1);
        assertThat(turnstile.waiting()).isOne();
        assertThat(turnstile.next()).isTrue();
        await().until(() -> passed.equals(List.of("read")));
        assertThat(turnstile.next()).isTrue();
        await().until(() -> turnstile.answers() == 1);
        assertThat(turnstile.next()).isTrue();
        await().until(() -> passed.equals(List.of("read", "write")));
        assertThat(turnstile.next()).isFalse();
    }

    /** Lets all of them come, in this order, and then pass one by one. */
    private static List<String> order(long seed, List<String> arrivals) {
        var turnstile = new Turnstile(seed);
        turnstile.open(false);
        var passed = new CopyOnWriteArrayList<String>();
        for (int i = 0; i < arrivals.size(); i++) {
            int count = i + 1;
            ask(turnstile, "POST", arrivals.get(i), passed);
            await().until(() -> turnstile.waiting() == count);
        }
        for (int i = 0; i < arrivals.size(); i++) {
            int count = i + 1;
            turnstile.next();
            await().until(() -> turnstile.answers() == 1);
            turnstile.next();
            await().until(() -> passed.size() == count);
        }
        return List.copyOf(passed);
    }

    private static void ask(Turnstile turnstile, String method, String what, List<String> passed) {
        Thread.ofVirtual().start(() -> {
            try {
                turnstile.pass("test", method, "/" + what, what.getBytes(StandardCharsets.UTF_8));
                turnstile.answered();
                passed.add(what);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
