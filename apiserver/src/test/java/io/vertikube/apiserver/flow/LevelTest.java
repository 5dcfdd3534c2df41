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
        return new Level.Ticket(Hand.hash("schema", flow), () -> served.add(flow));
    }

    @Test
    void aLevelWithoutQueuesRefusesWhatIsTooMuch() {
        var level = new Level(queues(0, 0, 0), 1);
        assertThat(level.tryEnter()).isTrue();
        assertThat(level.tryEnter()).isFalse();
        assertThat(level.enqueue(ticket("a"))).isFalse();
        level.exit();
        assertThat(level.tryEnter()).isTrue();
    }

    @Test
    void oneBusyFlowDoesNotHoldUpOthers() {
        var level = new Level(queues(64, 4, 50), 1);
        assertThat(level.tryEnter()).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(level.enqueue(ticket("busy"))).isTrue();
        }
        assertThat(level.enqueue(ticket("quiet"))).isTrue();
        assertThat(level.tryEnter()).as("nobody passes those who wait").isFalse();
        for (int i = 0; i < 5; i++) {
            level.exit();
        }
        assertThat(served).hasSize(5).contains("quiet");
        assertThat(level.waiting()).isEqualTo(16);
    }

    @Test
    void aFullQueueRefuses() {
        var level = new Level(queues(1, 1, 2), 1);
        level.tryEnter();
        assertThat(level.enqueue(ticket("a"))).isTrue();
        assertThat(level.enqueue(ticket("b"))).isTrue();
        assertThat(level.enqueue(ticket("c"))).isFalse();
    }

    @Test
    void whoLeavesIsNotServed() {
        var level = new Level(queues(2, 1, 2), 1);
        level.tryEnter();
        Level.Ticket gone = ticket("gone");
        level.enqueue(gone);
        level.enqueue(ticket("stays"));
        assertThat(level.leave(gone)).isTrue();
        assertThat(level.leave(gone)).isFalse();
        level.exit();
        assertThat(served).containsExactly("stays");
        assertThat(level.executing()).isEqualTo(1);
        assertThat(level.waiting()).isZero();
    }

    @Test
    void moreSeatsAreGivenToThoseWhoWaitAtOnce() {
        var level = new Level(queues(8, 2, 5), 1);
        level.tryEnter();
        level.enqueue(ticket("a"));
        level.enqueue(ticket("b"));
        level.limit(3);
        assertThat(served).containsExactlyInAnyOrder("a", "b");
        assertThat(level.takeHigh()).isEqualTo(3);
        level.exit();
        level.exit();
        assertThat(level.takeHigh()).isEqualTo(3);
        assertThat(level.takeHigh()).isEqualTo(1);
    }

    @Test
    void whoWaitsKeepsWaitingWhenTheQueuesChange() {
        var level = new Level(queues(8, 2, 5), 1);
        level.tryEnter();
        level.enqueue(ticket("a"));
        level.enqueue(ticket("b"));
        level.follow(queues(4, 1, 5), 1);
        level.exit();
        assertThat(served).hasSize(1);
        level.follow(queues(0, 0, 0), 1);
        assertThat(level.enqueue(ticket("c"))).isFalse();
        level.exit();
        assertThat(served).containsExactlyInAnyOrder("a", "b");
    }
}
