package io.vertikube.controller.endpointslice;

import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SlicePlanTest {
    private final Service service = new ServiceBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace("ns")
            .withUid("uid-svc")
            .endMetadata()
            .withNewSpec()
            .withSelector(Map.of("app", "web"))
            .withClusterIP("10.96.0.10")
            .addNewPort()
            .withPort(80)
            .withTargetPort(new IntOrString(8080))
            .endPort()
            .endSpec()
            .build();

    @Test
    void aFreshServiceGetsOneSliceEvenWithoutPods() {
        SlicePlan plan = plan(List.of(), List.of());
        assertThat(plan.create()).hasSize(1);
        EndpointSlice slice = plan.create().getFirst();
        assertThat(slice.getEndpoints()).isEmpty();
        assertThat(slice.getAddressType()).isEqualTo("IPv4");
        assertThat(slice.getMetadata().getGenerateName()).isEqualTo("web-");
        assertThat(slice.getMetadata().getLabels())
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        assertThat(plan(List.of(), named(plan.create())).isEmpty()).isTrue();
    }

    @Test
    void conditionsTellReadyServingAndTerminating() {
        List<Endpoint> endpoints = plan(
                        List.of(pod("a"), notReady(pod("b")), terminating(pod("c")), phase(pod("d"), "Failed")),
                        List.of())
                .create()
                .getFirst()
                .getEndpoints();
        assertThat(endpoints)
                .extracting(Endpoint::getConditions)
                .containsExactly(
                        new EndpointConditions(true, true, false),
                        new EndpointConditions(false, false, false),
                        new EndpointConditions(false, true, true));
        assertThat(endpoints.getFirst().getZone()).isEqualTo("west");
        assertThat(endpoints.getFirst().getNodeName()).isEqualTo("node-1");
    }

    @Test
    void aHundredEndpointsFillASlice() {
        SlicePlan plan = plan(pods(0, 250), List.of());
        assertThat(plan.create())
                .extracting(slice -> slice.getEndpoints().size())
                .containsExactly(100, 100, 50);
    }

    @Test
    void anEndpointStaysInItsSliceAndANewOneFillsTheFullestWithRoom() {
        List<EndpointSlice> existing = named(plan(pods(0, 250), List.of()).create());
        SlicePlan plan = plan(pods(0, 251), existing);
        assertThat(plan.create()).isEmpty();
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.update())
                .extracting(slice -> slice.getEndpoints().size())
                .containsExactly(51);
    }

    @Test
    void anEmptiedSliceGoesUnlessItIsTheLast() {
        List<EndpointSlice> existing = named(plan(pods(0, 150), List.of()).create());
        SlicePlan fewer = plan(pods(0, 50), existing);
        assertThat(fewer.update()).hasSize(1);
        assertThat(fewer.delete()).hasSize(1);
        SlicePlan none = plan(List.of(), existing);
        assertThat(none.update())
                .extracting(slice -> slice.getEndpoints().size())
                .containsExactly(0);
        assertThat(none.delete()).hasSize(1);
    }

    @Test
    void whatStandsIsNotWritten() {
        List<EndpointSlice> existing = named(plan(pods(0, 150), List.of()).create());
        assertThat(plan(pods(0, 150), existing).isEmpty()).isTrue();
    }

    private SlicePlan plan(List<Pod> pods, List<EndpointSlice> existing) {
        return SlicePlan.of(
                SliceOwner.of(service),
                List.of(WantedEndpoints.of(service, pods, "IPv4", Map.of("node-1", "west"))),
                existing);
    }

    private static List<Pod> pods(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> pod("p" + (1000 + i))).toList();
    }

    private static List<EndpointSlice> named(List<EndpointSlice> slices) {
        var named = new ArrayList<EndpointSlice>();
        for (EndpointSlice slice : slices) {
            named.add(new EndpointSliceBuilder(slice)
                    .editMetadata()
                    .withName("web-" + named.size())
                    .endMetadata()
                    .build());
        }
        return named;
    }
}
