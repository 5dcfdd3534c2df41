package io.vertikube.controller.autoscaling;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.ago;
import static io.vertikube.controller.Fixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pods as words: a number is a ready pod that uses so many thousandths of its request of 1000m; {@code u500} has just
 * started and is not ready, {@code p} is pending, {@code m} has no figure, {@code t500} ends, {@code f500} has failed,
 * {@code l500} was once ready and is not any more.
 */
class PodReplicasTest {

    private static final AutoscalingTimings TIMINGS = AutoscalingTimings.defaults();
    private static final Tolerance USUAL = new Tolerance(0.1, 0.1);

    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, PodMetric> metrics = new HashMap<>();

    private void world(String words) {
        for (String word : words.split(" ")) {
            String name = "p" + pods.size();
            char kind = Character.isDigit(word.charAt(0)) ? 'r' : word.charAt(0);
            String figure = word.replaceAll("[a-z]", "");
            if (!figure.isEmpty()) {
                metrics.put(name, new PodMetric(NOW.minusSeconds(5), Duration.ofSeconds(15), Long.parseLong(figure)));
            }
            pods.add(of(name, kind));
        }
    }

    private static Pod of(String name, char kind) {
        boolean young = kind == 'u' || kind == 'p';
        var built = new PodBuilder(pod(name))
                .editMetadata()
                .withDeletionTimestamp(kind == 't' ? ago(1) : null)
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("cpu", new Quantity("1"))
                .addToRequests("memory", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .editStatus()
                .withPhase(kind == 'p' ? "Pending" : kind == 'f' ? "Failed" : "Running")
                .withStartTime(ago(young ? 20 : 1000))
                .editFirstCondition()
                .withStatus(kind == 'u' || kind == 'l' ? "False" : "True")
                .withLastTransitionTime(ago(young ? 20 : 500))
                .endCondition()
                .endStatus();
        return built.build();
    }

    @ParameterizedTest
    @CsvSource({
        // target per cent, pods, wanted, shown utilization
        "50, 500 500, 2, 50",
        "50, 1000 1000, 4, 100",
        "50, 540 550, 2, 54", // within tolerance
        "50, 560 560, 3, 56",
        "50, 250 250, 1, 25",
        "50, 460 460, 2, 46",
        "50, 0 0, 0, 0",
        // Pods without a figure use nothing when there is to be more, all of their request when there is to be less.
        "50, 1000 1000 m, 4, 100",
        "50, 1000 m m, 3, 100", // more would turn into less
        "50, 200 200 m, 3, 20", // 1400 of 3000 is within tolerance
        "50, 100 100 100 m, 3, 10",
        "20, 100 100 m, 3, 10", // would turn into more
        "90, 100 100 100 100 m, 2, 10",
        // Starting pods count only against more, and what they use not at all.
        "50, 1000 u1000, 2, 100",
        "50, 2000 u9000, 4, 200",
        "50, 250 250 u900, 1, 25",
        "50, 2000 p, 4, 200",
        // What ends or has failed is not there.
        "50, 1000 t1000 f0, 2, 100",
        // Long started and not ready now: its figure counts.
        "50, 1000 l1000, 4, 100",
    })
    void utilizationAsksForReplicas(int percent, String words, int wanted, int shown) throws Unmeasurable {
        world(words);
        var result = PodReplicas.ofUtilization(pods.size(), percent, "cpu", "", pods, metrics, USUAL, TIMINGS, NOW);
        assertThat(result.replicas()).isEqualTo(wanted);
        assertThat(result.utilization()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 500 500, 2",
        "500, 1000 1000, 4",
        "500, 1000 m, 2",
        "500, 100 100 m, 2", // the third uses its share
        "500, 2000 u9000, 4",
        "500, 100, 1",
    })
    void valuesAskForReplicas(long target, String words, int wanted) throws Unmeasurable {
        world(words);
        assertThat(PodReplicas.ofValue(pods.size(), target, "cpu", pods, metrics, USUAL, TIMINGS, NOW)
                        .replicas())
                .isEqualTo(wanted);
    }

    /** Memory says something of a pod that is not ready, too. */
    @Test
    void readinessMattersForCpuAlone() throws Unmeasurable {
        world("1000 u1000");
        assertThat(PodReplicas.ofUtilization(2, 50, "memory", "", pods, metrics, USUAL, TIMINGS, NOW)
                        .replicas())
                .isEqualTo(4);
    }

    @Test
    void toleranceHasTwoSides() throws Unmeasurable {
        world("600 600");
        assertThat(PodReplicas.ofUtilization(2, 50, "cpu", "", pods, metrics, new Tolerance(0.1, 0.3), TIMINGS, NOW)
                        .replicas())
                .isEqualTo(2);
    }

    @Test
    void whatCannotBeToldIsAnError() {
        assertThatThrownBy(() -> PodReplicas.ofUtilization(1, 50, "cpu", "", pods, metrics, USUAL, TIMINGS, NOW))
                .hasMessage("no pods returned by selector while calculating replica count");
        world("u5 p");
        assertThatThrownBy(() -> PodReplicas.ofUtilization(1, 50, "cpu", "", pods, metrics, USUAL, TIMINGS, NOW))
                .hasMessage("did not receive metrics for targeted pods (pods might be unready)");
        pods.clear();
        pods.add(pod("p0"));
        metrics.put("p0", new PodMetric(NOW, Duration.ofSeconds(15), 5));
        assertThatThrownBy(() -> PodReplicas.ofUtilization(1, 50, "memory", "", pods, metrics, USUAL, TIMINGS, NOW))
                .hasMessage("missing request for memory in container web of Pod p0");
    }
}
