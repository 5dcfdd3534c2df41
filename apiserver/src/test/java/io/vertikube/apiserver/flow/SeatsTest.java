package io.vertikube.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How seats are divided and lent, and which hands flows are dealt. */
final class SeatsTest {

    private static LevelRule level(String name, int shares, int lendable, int borrowing) {
        return new LevelRule(name, "", false, shares, lendable, borrowing, 0, 0, 0);
    }

    private static int[] now(List<LevelRule> levels, int... needs) {
        return Seats.now(
                levels,
                Seats.parts(levels, 100),
                Arrays.stream(needs)
                        .mapToObj(need -> new Seats.Need(need, need))
                        .toList(),
                100);
    }

    @Test
    void partsAreByShareAndBoundedByWhatIsLentAndBorrowed() {
        List<LevelRule> levels = List.of(level("a", 30, 50, -1), level("b", 60, 0, 50), level("c", 10, 100, 0));
        assertThat(Seats.parts(levels, 100))
                .containsExactly(new Seats.Part(30, 15, 100), new Seats.Part(60, 60, 90), new Seats.Part(10, 0, 10));
    }

    @Test
    void whatOneDoesNotUseTheOtherBorrows() {
        List<LevelRule> levels = List.of(level("idle", 50, 100, -1), level("busy", 50, 0, -1));
        int[] limits = now(levels, 0, 200);
        assertThat(limits[1]).isBetween(90, 100);
        assertThat(limits[0] + limits[1]).isBetween(99, 101);
    }

    @Test
    void nobodyBorrowsMoreThanAllowedOrWhatIsNotLent() {
        assertThat(now(List.of(level("idle", 50, 100, -1), level("busy", 50, 0, 20)), 0, 200)[1])
                .isEqualTo(60);
        assertThat(now(List.of(level("idle", 50, 10, -1), level("busy", 50, 0, -1)), 0, 200)[1])
                .isEqualTo(55);
    }

    @Test
    void whoNeedsItsOwnSeatsKeepsThem() {
        assertThat(now(List.of(level("a", 50, 100, -1), level("b", 50, 100, -1)), 50, 500))
                .containsExactly(50, 50);
    }

    @Test
    void aHandIsDifferentQueuesAndAlwaysTheSameForAFlow() {
        Set<List<Integer>> hands = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int[] hand = Hand.of(Hand.hash("schema", "user" + i), 64, 6);
            assertThat(Arrays.stream(hand).distinct().count()).isEqualTo(6);
            assertThat(Arrays.stream(hand).allMatch(queue -> queue >= 0 && queue < 64))
                    .isTrue();
            assertThat(hand).containsExactly(Hand.of(Hand.hash("schema", "user" + i), 64, 6));
            hands.add(Arrays.stream(hand).sorted().boxed().toList());
        }
        assertThat(hands).hasSizeGreaterThan(990);
        assertThat(Hand.of(Hand.hash("s", "f"), 3, 3)).containsExactlyInAnyOrder(0, 1, 2);
    }
}
