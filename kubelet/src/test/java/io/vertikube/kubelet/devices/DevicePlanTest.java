package io.vertikube.kubelet.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicePlanTest {

    private static final String GPU = "example.com/gpu";

    /** Devices are words; one with an exclamation mark is not healthy. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # needed | devices  | taken | reusable | preferred | chosen
              1      | a b c    |       |          |           | a
              2      | a b c    | a     |          |           | b c
              2      | a! b c   |       |          |           | b c
              2      | a b c    |       |          | c         | c a
              2      | a b c d  | a     |          | d c       | d c
              1      | a b c    | a     |          | a         | b
              1      | a b c    |       |          | x         | a
              1      | a b c    |       |          | c b       | c
              1      | a b c    | b     | b        | c         | b
              2      | a b c    | b     | b        | c         | b c
              2      | a b! c d | b c   | b c      |           | c a
              3      | a b c    | a b   | a b      |           | a b c
            """)
    void devicesAreChosen(int needed, String devices, String taken, String reusable, String preferred, String chosen) {
        assertThat(choose(needed, devices, taken, reusable, words(preferred))).isEqualTo(words(chosen));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | a b c   | a b |   | requested number of devices unavailable for example.com/gpu. Requested: 2, Available: 1
            2 | a b! c! |     |   | requested number of devices unavailable for example.com/gpu. Requested: 2, Available: 1
            3 | a b     | a   | a | requested number of devices unavailable for example.com/gpu. Requested: 2, Available: 1
            1 | a!      |     |   | no healthy devices present; cannot allocate unhealthy devices example.com/gpu
            1 |         |     |   | no healthy devices present; cannot allocate unhealthy devices example.com/gpu
            """)
    void tooFewAreToldOf(int needed, String devices, String taken, String reusable, String problem) {
        assertThatThrownBy(() -> choose(needed, devices, taken, reusable, List.of()))
                .isInstanceOf(DeviceFailure.class)
                .hasMessage(problem);
    }

    @Test
    void aPluginIsAskedWithWhatTheContainerHasAlready() {
        List<String> asked = new ArrayList<>();
        DevicePlan.choose(GPU, 2, Set.of("b"), devices("a b c"), Set.of("b", "c"), (available, must, size) -> {
            asked.add(available + " " + must + " " + size);
            return List.of();
        });
        assertThat(asked).containsExactly("[b, a] [b] 2");
    }

    @Test
    void limitsOfKnownResourcesCount() {
        Container container = new ContainerBuilder()
                .withNewResources()
                .withLimits(Map.of(
                        "cpu", new Quantity("2"), GPU, new Quantity("2"), "example.com/other", new Quantity("1")))
                .endResources()
                .build();
        assertThat(DevicePlan.asked(container, GPU::equals)).isEqualTo(Map.of(GPU, 2));
        assertThat(DevicePlan.asked(new Container(), GPU::equals)).isEmpty();
    }

    private static List<String> choose(
            int needed, String devices, String taken, String reusable, List<String> preferred) {
        return DevicePlan.choose(
                GPU,
                needed,
                words(reusable),
                devices(devices),
                new HashSet<>(words(taken)),
                (available, must, size) -> preferred);
    }

    private static Map<String, Boolean> devices(String text) {
        Map<String, Boolean> result = new TreeMap<>();
        words(text).forEach(word -> result.put(word.replace("!", ""), !word.endsWith("!")));
        return result;
    }

    private static List<String> words(String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.stream(text.strip().split(" +")).toList();
    }
}
