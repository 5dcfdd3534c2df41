package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.NodePolicies;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeStatusPlanTest {

    private static final int CPUS = 4;

    @ParameterizedTest
    @CsvSource({"0,110", "10,40", "100,110", "1000000000,110"})
    void aNodeTakesAsManyPodsAsItsProcessorsMay(int podsPerCore, String pods) {
        NodeStatus status =
                status(new NodeOptions(true, 50, podsPerCore, Optional.empty()), Optional.empty(), new NodeStatus());
        assertThat(status.getCapacity().get("pods").getAmount()).isEqualTo(pods);
        assertThat(status.getAllocatable().get("pods").getAmount()).isEqualTo(pods);
    }

    @ParameterizedTest
    @CsvSource({"50,50", "-1,60", "3,3", "0,0"})
    void theLargestImagesAreShown(int most, int shown) {
        NodeStatus status =
                status(new NodeOptions(true, most, 0, Optional.empty()), Optional.empty(), new NodeStatus());
        assertThat(status.getImages()).hasSize(shown);
        if (shown > 0) {
            assertThat(status.getImages().getFirst().getSizeBytes()).isEqualTo(60);
        }
    }

    @Test
    void whatTheRuntimeCanDoIsToldAndStaysWhileItIsAway() {
        NodeStatus told = status(
                NodeOptions.DEFAULT,
                runtime(
                        true,
                        new RuntimeStatus.Handler("runc", true, true),
                        new RuntimeStatus.Handler("", false, true)),
                new NodeStatus());
        assertThat(told.getRuntimeHandlers())
                .extracting(each -> each.getName() + " "
                        + each.getFeatures().getRecursiveReadOnlyMounts() + " "
                        + each.getFeatures().getUserNamespaces())
                .containsExactly(" false true", "runc true true");
        assertThat(told.getFeatures().getSupplementalGroupsPolicy()).isTrue();
        NodeStatus away = status(NodeOptions.DEFAULT, Optional.empty(), told);
        assertThat(away.getRuntimeHandlers()).isEqualTo(told.getRuntimeHandlers());
        assertThat(away.getFeatures()).isEqualTo(told.getFeatures());
        NodeStatus other = status(NodeOptions.DEFAULT, runtime(false), told);
        assertThat(other.getRuntimeHandlers()).isEmpty();
        assertThat(other.getFeatures().getSupplementalGroupsPolicy()).isFalse();
    }

    @Test
    void whatPluginsOfferIsToldAndWhatOthersWroteStays() {
        var before = new NodeStatus();
        before.setCapacity(Map.of(
                "example.com/gpu", new Quantity("9"),
                "example.com/dongle", new Quantity("5"),
                "hugepages-3Mi", new Quantity("7")));
        NodeStatus status = status(NodeOptions.DEFAULT, Optional.empty(), before);
        assertThat(status.getCapacity())
                .containsEntry("example.com/gpu", new Quantity("3"))
                .containsEntry("example.com/dongle", new Quantity("5"))
                .doesNotContainKey("hugepages-3Mi");
        assertThat(status.getAllocatable())
                .containsEntry("example.com/gpu", new Quantity("2"))
                .containsEntry("example.com/dongle", new Quantity("5"))
                .doesNotContainKey("hugepages-3Mi");
    }

    private static Optional<RuntimeStatus> runtime(boolean strictGroups, RuntimeStatus.Handler... handlers) {
        return Optional.of(new RuntimeStatus(true, true, "", "", List.of(handlers), strictGroups));
    }

    private static NodeStatus status(NodeOptions options, Optional<RuntimeStatus> told, NodeStatus before) {
        List<Image> images = LongStream.rangeClosed(1, 60)
                .mapToObj(size ->
                        new Image("id" + size, List.of("i:" + size), List.of(), size, OptionalLong.empty(), "", false))
                .toList();
        return NodeStatusPlan.of(new NodeStatusPlan.Input(
                before,
                new Machine.Identity("m", "s", "b", "6.1", "Linux", "amd64"),
                new Machine.Resources(CPUS, 1L << 33, 1L << 32, 1L << 40, 1L << 39, 32768, 100, Map.of()),
                Optional.empty(),
                images,
                told,
                Optional.empty(),
                "n",
                List.of("192.0.2.1"),
                10250,
                110,
                NodePolicies.NONE.with(options),
                Set.of(),
                new ExtendedResources(Map.of("example.com/gpu", 3L), Map.of("example.com/gpu", 2L)),
                Instant.EPOCH));
    }
}
