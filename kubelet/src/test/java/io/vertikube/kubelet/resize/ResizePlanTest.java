package io.vertikube.kubelet.resize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizePlanTest {

    /** Containers are {@code cpu:memory}; the node has 2000 and 1000. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "there is room | 500:100 | 100:100 | 0:0 | ''",
                "exactly | 2000:1000 | 100:100 | 0:0 | ''",
                "others have it | 1000:100 | 100:100 | 1001:0 "
                        + "| Deferred: Node didn't have enough resource: cpu, requested: 1000, used: 1001, capacity: 2000",
                "the same with memory | 100:600 | 100:100 | 0:500 "
                        + "| Deferred: Node didn't have enough resource: memory, requested: 600, used: 500, capacity: 1000",
                "more than there is | 1500:100 600:0 | 100:100 | 0:0 "
                        + "| Infeasible: Node didn't have enough capacity: cpu, requested: 2100, capacity: 2000",
                "less always fits | 400:100 | 500:100 | 1900:0 | ''"
            })
    void decides(String what, String wanted, String granted, String others, String expected) {
        Amounts other = amounts(others);
        assertThat(ResizePlan.of(
                                containers(wanted),
                                containers(granted),
                                new ResizePlan.Room(other.cpuRequest(), other.memoryRequest()),
                                new ResizePlan.Room(2000, 1000),
                                false)
                        .map(why -> why.reason() + ": " + why.message())
                        .orElse(""))
                .as(what)
                .isEqualTo(expected);
    }

    @Test
    void staticPodsAreNotResized() {
        assertThat(ResizePlan.of(
                        containers("1:1"),
                        containers("2:2"),
                        new ResizePlan.Room(0, 0),
                        new ResizePlan.Room(2000, 1000),
                        true))
                .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("Infeasible"));
    }

    @Test
    void whatWasGrantedOutlivesTheKubeletAndABrokenFileDoesNotStopIt(@TempDir Path folder) throws Exception {
        var first = new Allocations(folder);
        var resources = Allocations.parse("{\"requests\":{\"cpu\":\"250m\"},\"limits\":{\"memory\":\"1Gi\"}}");
        first.grant("u", Map.of("c", resources));
        first.give("u", "id", resources);
        first.grant("gone", Map.of("c", resources));
        first.forget("gone");
        var second = new Allocations(folder);
        assertThat(second.of("gone")).isEmpty();
        Allocations.Entry entry = second.of("u").orElseThrow();
        assertThat(Amounts.of(entry.granted().get("c"))).isEqualTo(new Amounts(250, 0, 0, 1L << 30));
        assertThat(entry.given()).containsKey("id");
        Files.writeString(folder.resolve("allocated_pods_state"), "{");
        assertThat(new Allocations(folder).of("u")).isEmpty();
    }

    private static Map<String, Amounts> containers(String text) {
        Map<String, Amounts> result = new LinkedHashMap<>();
        Arrays.stream(text.split(" ")).forEach(word -> result.put("c" + result.size(), amounts(word)));
        return result;
    }

    private static Amounts amounts(String text) {
        String[] parts = text.split(":");
        return new Amounts(Long.parseLong(parts[0]), 0, Long.parseLong(parts[1]), 0);
    }
}
