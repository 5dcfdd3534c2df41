package io.vertikube.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs and who waits at a level. */
final class LevelTest {

    private final List<String> served = new ArrayList<>();

    private static LevelRule queues(int queues, int hand, int length) {
        return new LevelRule("level", "", false, 1, 0, -1, queues, hand, length);
    }

    private Level.Ticket ticket(String flow) {
        return ticket(flow, 1);
    }

    private Level.Ticket ticket(String flow, int width) {
        return new Level.Ticket(Hand.hash("schema", flow), width, () -> served.add(flow));
    }

    private static Seats.Part seats(int all) {
        return new Seats.Part(all, all, all);
    }

    @Test
    void aLevelWithoutQueuesRefusesWhatIsTooMuch() {
        var level = new Level(queues(0, 0, 0), seats(1));
        assertThat(level.tryEnter(1)).isTrue();
        assertThat(level.tryEnter(1)).isFalse();
        assertThat(level.enqueue(ticket("a"))).isFalse();
        level.exit(1);
        assertThat(level.tryEnter(1)).isTrue();
    }

    @Test
    void oneBusyFlowDoesNotHoldUpOthers() {
        var level = new Level(queues(64, 4, 50), seats(1));
        assertThat(level.tryEnter(1)).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(level.enqueue(ticket("busy"))).isTrue();
        }
        assertThat(level.enqueue(ticket("quiet"))).isTrue();
        assertThat(level.tryEnter(1)).as("nobody passes those who wait").isFalse();
        for (int i = 0; i < 5; i++) {
            level.exit(1);
        }
        assertThat(served).hasSize(5).contains("quiet");
        assertThat(level.waiting()).isEqualTo(16);
    }

    @Test
    void aFullQueueRefuses() {
        var level = new Level(queues(1, 1, 2), seats(1));
        level.tryEnter(1);
        assertThat(level.enqueue(ticket("a"))).isTrue();
        assertThat(level.enqueue(ticket("b"))).isTrue();
        assertThat(level.enqueue(ticket("c"))).isFalse();
    }

    @Test
    void whoLeavesIsNotServed() {
        var level = new Level(queues(2, 1, 2), seats(1));
        level.tryEnter(1);
        Level.Ticket gone = ticket("gone");
        level.enqueue(gone);
        level.enqueue(ticket("stays"));
        assertThat(level.leave(gone)).isTrue();
        assertThat(level.leave(gone)).isFalse();
        level.exit(1);
        assertThat(served).containsExactly("stays");
        assertThat(level.executing()).isEqualTo(1);
        assertThat(level.waiting()).isZero();
    }

    @Test
    void moreSeatsAreGivenToThoseWhoWaitAtOnce() {
        var level = new Level(queues(8, 2, 5), seats(1));
        level.tryEnter(1);
        level.enqueue(ticket("a"));
        level.enqueue(ticket("b"));
        level.limit(3, Seats.Need.NONE);
        assertThat(served).containsExactlyInAnyOrder("a", "b");
        assertThat(level.takeHigh()).isEqualTo(3);
        level.exit(1);
        level.exit(1);
        assertThat(level.takeHigh()).isEqualTo(3);
        assertThat(level.takeHigh()).isEqualTo(1);
    }

    @Test
    void whoWaitsKeepsWaitingWhenTheQueuesChange() {
        var level = new Level(queues(8, 2, 5), seats(1));
        level.tryEnter(1);
        level.enqueue(ticket("a"));
        level.enqueue(ticket("b"));
        level.follow(queues(4, 1, 5), seats(1));
        level.exit(1);
        assertThat(served).hasSize(1);
        level.follow(queues(0, 0, 0), seats(1));
        assertThat(level.enqueue(ticket("c"))).isFalse();
        level.exit(1);
        assertThat(served).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aWideRequestWaitsUntilItFitsAndNobodyPassesIt() {
        var level = new Level(queues(8, 2, 5), seats(4));
        assertThat(level.tryEnter(3)).isTrue();
        level.enqueue(ticket("wide", 3));
        level.enqueue(ticket("narrow"));
        level.exit(1);
        assertThat(level.tryEnter(1)).isFalse();
        assertThat(level.executing()).isLessThanOrEqualTo(4);
        level.exit(2);
        assertThat(served).containsExactlyInAnyOrder("wide", "narrow");
        assertThat(level.executing()).isEqualTo(4);
        assertThat(level.waiting()).isZero();
        assertThat(level.takeHigh()).isEqualTo(7);
    }

    @Test
    void whoWantsMoreThanThereIsGetsInAlone() {
        var level = new Level(queues(8, 2, 5), seats(2));
        assertThat(level.tryEnter(1)).isTrue();
        level.enqueue(ticket("wide", 5));
        assertThat(served).isEmpty();
        level.exit(1);
        assertThat(served).containsExactly("wide");
        level.enqueue(ticket("next"));
        assertThat(served).containsExactly("wide");
        level.exit(5);
        assertThat(served).containsExactly("wide", "next");
    }

    /** Turns are of seats, so that a flow of wide requests gets no more than one of narrow ones. */
    @Test
    void aQueueThatGotManySeatsLetsTurnsPass() {
        var level = new Level(queues(64, 1, 50), seats(3));
        level.tryEnter(3);
        for (int i = 0; i < 4; i++) {
            level.enqueue(ticket("wide", 3));
        }
        for (int i = 0; i < 8; i++) {
            level.enqueue(ticket("narrow"));
        }
        level.exit(3);
        while (served.size() < 12) {
            level.exit(1);
        }
        assertThat(served.subList(0, 8).stream().filter("narrow"::equals).count())
                .isBetween(5L, 7L);
        assertThat(served).filteredOn("wide"::equals).hasSize(4);
    }
}
