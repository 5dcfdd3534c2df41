package io.vertikube.controller.endpointslice;

import static io.vertikube.controller.Fixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MirroredEndpointsTest {
    private static final String ENDPOINTS = """
            {"apiVersion": "v1", "kind": "Endpoints",
             "metadata": {"name": "db", "namespace": "ns", "uid": "u", "labels": {"team": "a"},
               "annotations": {"kept": "yes", "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
             "subsets": [
               {"addresses": [{"ip": "192.0.2.1", "hostname": "one"}, {"ip": "2001:db8::1"}],
                "notReadyAddresses": [{"ip": "192.0.2.2", "nodeName": "n"}],
                "ports": [{"name": "sql", "port": 5432}]},
               {"addresses": [{"ip": "192.0.2.1"}], "ports": [{"name": "admin", "port": 80, "protocol": "TCP"}]}]}
            """;

    @Test
    void everyFamilyAndSetOfPortsGetsASlice() {
        SlicePlan plan = plan(1000);
        assertThat(plan.create())
                .extracting(slice -> slice.getAddressType() + " "
                        + slice.getPorts().getFirst().getPort() + " "
                        + slice.getEndpoints().stream()
                                .map(Endpoint::getAddresses)
                                .toList())
                .containsExactly(
                        "IPv4 5432 [[192.0.2.1], [192.0.2.2]]", "IPv4 80 [[192.0.2.1]]", "IPv6 5432 [[2001:db8::1]]");
        EndpointSlice first = plan.create().getFirst();
        assertThat(first.getMetadata().getLabels())
                .containsEntry("team", "a")
                .containsEntry("kubernetes.io/service-name", "db")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io");
        assertThat(first.getMetadata().getAnnotations()).containsOnlyKeys("kept");
        assertThat(first.getMetadata().getOwnerReferences().getFirst().getKind())
                .isEqualTo("Endpoints");
        assertThat(first.getEndpoints())
                .extracting(endpoint -> endpoint.getConditions().getReady())
                .containsExactly(true, false);
    }

    @Test
    void whatIsMirroredAlreadyIsNotWrittenAgain() {
        List<EndpointSlice> slices = plan(1000).create();
        assertThat(SlicePlan.of(
                                SliceOwner.of(endpoints()),
                                MirroredEndpoints.of(endpoints(), 1000).wanted(),
                                slices)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void onlySoManyAddressesOfASubset() {
        MirroredEndpoints mirrored = MirroredEndpoints.of(endpoints(), 1);
        assertThat(mirrored.leftOut()).isEqualTo(2);
        assertThat(plan(1).create()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "a: b, false", // follows pods
        "'', true",
    })
    void endpointsWithoutSelectorAreMirrored(String selector, boolean due) {
        Service service = yaml(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {selector: {" + selector + "}}}");
        assertThat(MirroredEndpoints.due(Optional.of(service), endpoints())).isEqualTo(due);
    }

    @Test
    void someAskNotToBe() {
        var service =
                Optional.of(yaml(Service.class, "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {}}"));
        Endpoints endpoints = endpoints();
        endpoints.getMetadata().getLabels().put("endpointslice.kubernetes.io/skip-mirror", "true");
        assertThat(MirroredEndpoints.due(service, endpoints)).isFalse();
        Endpoints election = endpoints();
        election.getMetadata().getAnnotations().put("control-plane.alpha.kubernetes.io/leader", "{}");
        assertThat(MirroredEndpoints.due(service, election)).isFalse();
        assertThat(MirroredEndpoints.due(Optional.empty(), endpoints())).isFalse();
    }

    private static SlicePlan plan(int largest) {
        return SlicePlan.of(
                SliceOwner.of(endpoints()),
                MirroredEndpoints.of(endpoints(), largest).wanted(),
                List.of());
    }

    private static Endpoints endpoints() {
        return yaml(Endpoints.class, ENDPOINTS);
    }
}
