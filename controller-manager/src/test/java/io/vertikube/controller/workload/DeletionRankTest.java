package io.vertikube.controller.workload;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.ago;
import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.onNode;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DeletionRankTest {
    static Stream<Arguments> pairs() {
        Pod good = pod("good");
        return Stream.of(
                Arguments.of("unscheduled before scheduled", onNode(pod("goes"), ""), notReady(good)),
                Arguments.of("pending before running", phase(pod("goes"), "Pending"), good),
                Arguments.of("unready before ready", notReady(pod("goes")), good),
                Arguments.of("cheap before dear", cost(pod("goes"), "-5"), good),
                Arguments.of("ready for a short time first", readySince(pod("goes"), 5), good),
                Arguments.of("restless before calm", restarts(pod("goes"), 3), good),
                Arguments.of("young before old", createdAgo(pod("goes"), 60), createdAgo(good, 900)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void theFirstOfThePairGoes(String rule, Pod goes, Pod stays) {
        assertThat(DeletionRank.choose(1, List.of(stays, goes), List.of(stays, goes), NOW))
                .containsExactly(goes);
        assertThat(DeletionRank.choose(1, List.of(goes, stays), List.of(stays, goes), NOW))
                .containsExactly(goes);
    }

    @Test
    void aCrowdedNodeGivesFirst() {
        Pod alone = onNode(pod("alone"), "node-2");
        Pod crowded = pod("crowded");
        Pod sibling = pod("sibling-of-another-set");
        assertThat(DeletionRank.choose(1, List.of(alone, crowded), List.of(alone, crowded, sibling), NOW))
                .containsExactly(crowded);
    }

    private static Pod cost(Pod pod, String cost) {
        return new PodBuilder(pod)
                .editMetadata()
                .withAnnotations(Map.of(DeletionRank.DELETION_COST, cost))
                .endMetadata()
                .build();
    }

    private static Pod createdAgo(Pod pod, long seconds) {
        return new PodBuilder(pod)
                .editMetadata()
                .withCreationTimestamp(ago(seconds))
                .endMetadata()
                .build();
    }

    private static Pod readySince(Pod pod, long seconds) {
        return new PodBuilder(pod)
                .editStatus()
                .editFirstCondition()
                .withLastTransitionTime(ago(seconds))
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod restarts(Pod pod, int count) {
        return new PodBuilder(pod)
                .editStatus()
                .addNewContainerStatus()
                .withName("web")
                .withRestartCount(count)
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
