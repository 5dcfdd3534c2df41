package io.vertikube.controller.endpoints;

import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EndpointsPlanTest {
    static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("ns")
                .withUid("uid-svc")
                .withLabels(Map.of("team", "a"))
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "web"))
                .withClusterIP("10.96.0.10")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .withTargetPort(new IntOrString("http"))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    @Test
    void readyAndUnreadyPodsStandApart() {
        Endpoints endpoints = plan(service(), pod("a"), notReady(pod("b")));
        EndpointSubset subset = only(endpoints);
        assertThat(subset.getPorts()).containsExactly(new EndpointPort(null, "http", 8080, "TCP"));
        assertThat(names(subset.getAddresses())).containsExactly("a");
        assertThat(names(subset.getNotReadyAddresses())).containsExactly("b");
        assertThat(subset.getAddresses().getFirst().getNodeName()).isEqualTo("node-1");
        assertThat(endpoints.getMetadata().getLabels())
                .containsEntry("team", "a")
                .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller");
    }

    @Test
    void podsThatEndOrLeaveOrHaveNoAddressAreOut() {
        Pod bare = new PodBuilder(pod("bare"))
                .editStatus()
                .withPodIP(null)
                .endStatus()
                .build();
        assertThat(plan(service(), terminating(pod("a")), phase(pod("b"), "Succeeded"), bare)
                        .getSubsets())
                .isEmpty();
    }

    @Test
    void publishNotReadyAddressesTakesThemAll() {
        Service service = new ServiceBuilder(service())
                .editSpec()
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();
        EndpointSubset subset = only(plan(service, notReady(pod("a")), terminating(pod("b"))));
        assertThat(names(subset.getAddresses())).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void podsWithOtherPortNumbersAreSubsetsOfTheirOwn() {
        Pod other = new PodBuilder(pod("b"))
                .editSpec()
                .editFirstContainer()
                .editFirstPort()
                .withContainerPort(9090)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        assertThat(plan(service(), pod("a"), other).getSubsets()).hasSize(2);
    }

    @Test
    void aNamedPortThatThePodLacksLeavesItOut() {
        Service service = new ServiceBuilder(service())
                .editSpec()
                .editFirstPort()
                .withTargetPort(new IntOrString("grpc"))
                .endPort()
                .endSpec()
                .build();
        assertThat(plan(service, pod("a")).getSubsets()).isEmpty();
    }

    @Test
    void headlessWithoutPortsHasAddressesAndHostnames() {
        Service service = new ServiceBuilder(service())
                .editSpec()
                .withClusterIP("None")
                .withPorts(List.of())
                .endSpec()
                .build();
        Pod named = new PodBuilder(pod("db-0"))
                .editSpec()
                .withHostname("db-0")
                .withSubdomain("web")
                .endSpec()
                .build();
        Endpoints endpoints = plan(service, named);
        assertThat(only(endpoints).getPorts()).isEmpty();
        assertThat(only(endpoints).getAddresses().getFirst().getHostname()).isEqualTo("db-0");
        assertThat(endpoints.getMetadata().getLabels()).containsKey("service.kubernetes.io/headless");
    }

    @Test
    void whatStandsIsPlannedEqual() {
        Endpoints written = plan(service(), pod("a"), pod("b"));
        assertThat(EndpointsPlan.of(service(), List.of(pod("b"), pod("a")), Optional.of(written)))
                .isEqualTo(written);
    }

    private static Endpoints plan(Service service, Pod... pods) {
        return EndpointsPlan.of(service, List.of(pods), Optional.empty());
    }

    private static EndpointSubset only(Endpoints endpoints) {
        assertThat(endpoints.getSubsets()).hasSize(1);
        return endpoints.getSubsets().getFirst();
    }

    private static List<String> names(List<EndpointAddress> addresses) {
        return addresses.stream().map(a -> a.getTargetRef().getName()).toList();
    }
}
