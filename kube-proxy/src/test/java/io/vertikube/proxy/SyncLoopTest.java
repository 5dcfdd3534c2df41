package io.vertikube.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SyncLoopTest {

    @Test
    void manyChangesAreOneStepAndTheFirstIsWhole() throws InterruptedException {
        List<Boolean> steps = new CopyOnWriteArrayList<>();
        try (var loop = new SyncLoop("t", Duration.ofMillis(200), Duration.ofMinutes(1), steps::add)) {
            loop.start();
            await().until(() -> !steps.isEmpty());
            for (int i = 0; i < 50; i++) {
                loop.changed();
            }
            await().until(() -> steps.size() == 2);
            Thread.sleep(300);
        }
        assertThat(steps).containsExactly(true, false);
    }

    @Test
    void everythingIsLookedOverAgainWithoutAReason() {
        List<Boolean> steps = new CopyOnWriteArrayList<>();
        try (var loop = new SyncLoop("t", Duration.ofMillis(1), Duration.ofMillis(20), steps::add)) {
            loop.start();
            await().until(() -> steps.size() >= 3);
        }
        assertThat(steps).doesNotContain(false);
    }
}
