package io.vertikube.kubelet.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionPlanTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long GI = 1L << 30;
    private static final long MI = 1L << 20;

    private static final EvictionOptions OPTIONS = new EvictionOptions(
            EvictionOptions.thresholds(
                    Map.of("memory.available", "100Mi", "nodefs.available", "10%", "pid.available", "5%"),
                    Map.of("memory.available", "300Mi"),
                    Map.of("memory.available", Duration.ofSeconds(30)),
                    Map.of("nodefs.available", "500Mi")),
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofSeconds(10));

    /** Looks at {@code second:MiB of memory:MiB of disk:pids}, of 8 GiB, 10 GiB and 1000; the last one's outcome. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "enough of everything,              0:4000:9000:500,                '',     ''",
        "little memory,                     0:50:9000:500,                  MEMORY, hard memory.available",
        "a soft threshold waits,            0:200:9000:500,                 MEMORY, ''",
        "and waits,                         0:200:9000:500 29:200:9000:500, MEMORY, ''",
        "until its grace is over,           0:200:9000:500 30:200:9000:500, MEMORY, soft memory.available",
        "a pause begins it anew,            0:200:9000:500 20:400:9000:500 30:200:9000:500, MEMORY, ''",
        "the condition outlives its cause,  0:50:9000:500 59:4000:9000:500, MEMORY, ''",
        "but not for ever,                  0:50:9000:500 60:4000:9000:500, '',     ''",
        "little disk,                       0:4000:1000:500,                DISK,   hard nodefs.available",
        "disk: more has to be free,         0:4000:1000:500 10:4000:1500:500, DISK, hard nodefs.available",
        "disk: so much,                     0:4000:1000:500 10:4000:1530:500, DISK, ''",
        "few processes,                     0:4000:9000:49,                 PID,    hard pid.available",
        "memory comes first,                0:50:1000:10,                   DISK MEMORY PID, hard memory.available"
    })
    void looks(String what, String looks, String pressures, String due) {
        EvictionPlan.Memory memory = EvictionPlan.Memory.EMPTY;
        EvictionPlan plan = null;
        for (String look : looks.split(" ")) {
            long[] numbers = java.util.Arrays.stream(look.split(":"))
                    .mapToLong(Long::parseLong)
                    .toArray();
            plan = EvictionPlan.of(OPTIONS, memory, seen(numbers), START.plusSeconds(numbers[0]));
            memory = plan.memory();
        }
        assertThat(plan).isNotNull();
        assertThat(plan.pressures().stream().map(Enum::name).sorted().collect(Collectors.joining(" ")))
                .as(what)
                .isEqualTo(pressures);
        assertThat(plan.due()
                        .map(threshold -> (threshold.isHard() ? "hard " : "soft ")
                                + threshold.signal().text())
                        .orElse(""))
                .as(what)
                .isEqualTo(due);
    }

    @Test
    void signalThatCannotBeToldHasNoSay() {
        assertThat(EvictionPlan.of(OPTIONS, EvictionPlan.Memory.EMPTY, Map.of(), START)
                        .pressures())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "memory.free,      1Mi, --eviction-hard: memory.free: \"memory.free\" is no eviction signal",
        "memory.available, x,   --eviction-hard: memory.available: \"x\" is neither a quantity",
        "nodefs.available, 101%, --eviction-hard: nodefs.available: \"101%\" is not between 0% and 100%"
    })
    void thresholdThatCannotBeIsNamed(String signal, String amount, String why) {
        assertThatThrownBy(() -> EvictionOptions.thresholds(Map.of(signal, amount), Map.of(), Map.of(), Map.of()))
                .hasMessageContaining(why);
    }

    @Test
    void softThresholdNeedsItsTimeAndNothingSwitchesOneOff() {
        assertThatThrownBy(() ->
                        EvictionOptions.thresholds(Map.of(), Map.of("memory.available", "1Gi"), Map.of(), Map.of()))
                .hasMessage("--eviction-soft: memory.available: needs its time in --eviction-soft-grace-period");
        assertThat(EvictionOptions.thresholds(Map.of("nodefs.available", "0%"), Map.of(), Map.of(), Map.of()))
                .isEmpty();
        assertThat(new TreeSet<>(EvictionOptions.DEFAULT_HARD.keySet())).hasSize(5);
    }

    private static Map<Signal, Observation> seen(long[] numbers) {
        Map<Signal, Observation> seen = new EnumMap<>(Signal.class);
        seen.put(Signal.MEMORY_AVAILABLE, new Observation(numbers[1] * MI, 8 * GI));
        seen.put(Signal.NODEFS_AVAILABLE, new Observation(numbers[2] * MI, 10 * GI));
        seen.put(Signal.PID_AVAILABLE, new Observation(numbers[3], 1000));
        return seen;
    }
}
