package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HealthChecksTest {

    @Test
    void aFailedReadinessCheckLeavesTheProcessAlive() {
        var health = new HealthChecks();
        health.addReady("informer-sync", () -> Optional.of("2 types are not listed yet"));
        assertThat(health.answer("/livez", false, Set.of())).isEqualTo(new HealthChecks.Answer(200, "ok"));
        HealthChecks.Answer ready = health.answer("/readyz", false, Set.of());
        assertThat(ready.code()).isEqualTo(500);
        assertThat(ready.text())
                .isEqualTo("[-]informer-sync failed: 2 types are not listed yet\n[+]ping ok\nreadyz check failed\n");
        assertThat(health.answer("/readyz", true, Set.of("informer-sync")).code())
                .isEqualTo(200);
        assertThat(health.answer("/readyz/ping", false, Set.of()).text()).isEqualTo("ok");
        assertThat(health.answer("/readyz/ghost", false, Set.of()).code()).isEqualTo(404);
    }
}
