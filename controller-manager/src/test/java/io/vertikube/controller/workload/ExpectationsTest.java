package io.vertikube.controller.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.controller.Fixtures;
import io.vertikube.object.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ExpectationsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Fixtures.NOW);
    private final Expectations expectations = new Expectations(now::get);
    private final ObjectKey owner = new ObjectKey("ns", "rs");

    @Test
    void whoExpectsNothingIsSatisfied() {
        assertThat(expectations.satisfied(owner)).isTrue();
    }

    @Test
    void creationsAreWaitedFor() {
        expectations.expectCreations(owner, 3);
        expectations.creationObserved(owner);
        expectations.lowerCreations(owner, 1);
        assertThat(expectations.satisfied(owner)).isFalse();
        expectations.creationObserved(owner);
        assertThat(expectations.satisfied(owner)).isTrue();
    }

    @Test
    void aDeletionSeenTwiceCountsOnce() {
        expectations.expectDeletions(owner, List.of("a", "b"));
        expectations.deletionObserved(owner, "a");
        expectations.deletionObserved(owner, "a");
        assertThat(expectations.satisfied(owner)).isFalse();
        expectations.deletionObserved(owner, "b");
        assertThat(expectations.satisfied(owner)).isTrue();
    }

    @Test
    void whatNeverComesLapses() {
        expectations.expectCreations(owner, 1);
        now.set(Fixtures.NOW.plus(Expectations.LAPSE).plusSeconds(1));
        assertThat(expectations.satisfied(owner)).isTrue();
    }
}
