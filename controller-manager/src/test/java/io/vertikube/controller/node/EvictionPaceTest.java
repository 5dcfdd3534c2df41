package io.vertikube.controller.node;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvictionPaceTest {

    @ParameterizedTest(name = "{0} of {1} gone, {2} well elsewhere: {3}, then after {4} s again")
    @CsvSource({
        "1, 3, 0, NOW, 10",
        "2, 3, 0, NOW, 10", // two may go for reasons of their own
        "3, 5, 0, NOT_NOW, 0", // a part of a small zone
        "3, 6, 0, NOW, 10",
        "40, 60, 0, NOW, 100", // a part of a large one
        "5, 5, 1, NOW, 10", // all of a zone, but not of the cluster
        "5, 5, 0, NEVER, 0",
    })
    void aZoneIsEmptiedAtItsPace(int gone, int of, int elsewhere, EvictionLeave leave, long seconds) {
        var pace = new EvictionPace(EvictionPace.Rates.USUAL);
        var all = new ArrayList<Node>();
        for (int i = 0; i < of; i++) {
            all.add(node("n" + i, i < gone ? "Unknown" : "True", "a"));
        }
        for (int i = 0; i < elsewhere; i++) {
            all.add(node("e" + i, "True", "b"));
        }
        assertThat(pace.ask(all.getFirst(), all, NOW)).isEqualTo(leave);
        if (leave == EvictionLeave.NOW) {
            assertThat(pace.ask(all.get(1), all, NOW.plusSeconds(seconds - 1))).isEqualTo(EvictionLeave.NOT_NOW);
            assertThat(pace.ask(all.get(1), all, NOW.plusSeconds(seconds))).isEqualTo(EvictionLeave.NOW);
        }
    }

    @Test
    void zonesDoNotWaitForEachOther() {
        var pace = new EvictionPace(EvictionPace.Rates.USUAL);
        List<Node> all = List.of(node("a", "False", "a"), node("b", "False", "b"), node("c", "True", "b"));
        assertThat(pace.ask(all.get(0), all, NOW)).isEqualTo(EvictionLeave.NOW);
        assertThat(pace.ask(all.get(1), all, NOW)).isEqualTo(EvictionLeave.NOW);
    }

    private static Node node(String name, String ready, String zone) {
        return yaml(
                Node.class,
                "{metadata: {name: " + name + ", labels: {topology.kubernetes.io/zone: " + zone + "}}, status:"
                        + " {conditions: [{type: Ready, status: '" + ready + "'}]}}");
    }
}
