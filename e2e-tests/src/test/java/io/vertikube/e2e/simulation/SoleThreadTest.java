package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class SoleThreadTest {

    private static final int MANY = 12;
    private static final Duration HELD = Duration.ofMillis(5);
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void whoGoesOnFirstIsTheSeeds() throws Exception {
        assertThat(order(1)).isEqualTo(order(1)).hasSize(MANY).isNotEqualTo(order(2));
    }

    /** Each writes its number down; nobody needs a lock for that. */
    private static List<Integer> order(long seed) throws Exception {
        return SoleThread.run(seed, new VirtualTime(START, seed).ticker(), thread -> {
            var order = new ArrayList<Integer>();
            for (int i = 0; i < MANY; i++) {
                int number = i;
                Thread.startVirtualThread(() -> order.add(number));
            }
            thread.rest();
            return order;
        });
    }

    /** As when a test and the world print at once. */
    @RepeatedTest(20)
    void whoWaitsForAMonitorOfTheMachineKeepsItsPlace() throws Exception {
        var monitor = new Object();
        var held = new CountDownLatch(1);
        Thread machine = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                held.countDown();
                LockSupport.parkNanos(HELD.toNanos());
            }
        });
        held.await();
        List<String> seen = SoleThread.run(7, new VirtualTime(START, 7).ticker(), thread -> {
            var said = new ArrayList<String>();
            synchronized (monitor) {
                said.add("first");
            }
            thread.rest();
            said.add("rest");
            assertThat(thread.wokenBy()).isEmpty();
            return said;
        });
        machine.join();
        assertThat(seen).containsExactly("first", "rest");
    }

    @Test
    void whomAThreadOfTheMachineWakesIsKnown() throws Exception {
        Set<String> wokenBy = SoleThread.run(7, new VirtualTime(START, 7).ticker(), thread -> {
            var latch = new CountDownLatch(1);
            Thread waiting = Thread.currentThread();
            Thread.ofPlatform().name("stranger").start(() -> {
                while (waiting.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                latch.countDown();
            });
            latch.await();
            return thread.wokenBy();
        });
        assertThat(wokenBy).containsExactly("stranger");
    }

    @Test
    void restComesWhenWhoWokeAnotherAndWhomHeWokeHaveGoneOn() throws Exception {
        List<String> seen = SoleThread.run(7, new VirtualTime(START, 7).ticker(), thread -> {
            var said = new ArrayList<String>();
            var latch = new CountDownLatch(1);
            Thread.startVirtualThread(() -> {
                try {
                    latch.await();
                    said.add("woken");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.rest();
            said.add("rest");
            Thread.startVirtualThread(latch::countDown);
            thread.rest();
            said.add("rest");
            return said;
        });
        assertThat(seen).containsExactly("rest", "woken", "rest");
    }

    @Test
    void serversAreAskedAndTimersGoByTheGivenTime() throws Exception {
        var time = new VirtualTime(START, 3);
        List<String> seen = SoleThread.run(3, time.ticker(), thread -> {
            var said = new ArrayList<String>();
            Vertx vertx = thread.vertx(new VertxOptions());
            int port = vertx.createHttpServer()
                    .requestHandler(asked ->
                            vertx.setTimer(60_000, late -> asked.response().end("you came to " + asked.path())))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            var client = vertx.createHttpClient();
            client.request(HttpMethod.GET, port, "127.0.0.1", "/here")
                    .compose(request -> request.send().compose(HttpClientResponse::body))
                    .onSuccess(body -> said.add(body.toString()));
            thread.rest();
            said.add("nothing yet");
            time.advanceTo(START.plus(Duration.ofMinutes(1)));
            thread.rest();
            Future<Void> closed = vertx.close();
            while (!closed.isComplete()) {
                time.advanceTo(time.instant().plusSeconds(1));
                thread.rest();
            }
            return said;
        });
        assertThat(seen).containsExactly("nothing yet", "you came to /here");
    }

    @Test
    void whatGoesWrongInsideIsToldOutside() {
        assertThatThrownBy(() -> SoleThread.run(1, new VirtualTime(START, 1).ticker(), thread -> {
                    throw new IllegalStateException("the world broke");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the world broke");
    }
}
