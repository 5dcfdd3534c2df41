package io.vertikube.controller.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficHintsTest {
    @ParameterizedTest(name = "{0} ready {1} at {2}/{3}")
    @CsvSource({
        ", true, n1, a, ''",
        "PreferClose, true, n1, a, zone a",
        "PreferSameZone, true, n1, a, zone a",
        "PreferSameZone, true, n1,, ''",
        "PreferSameZone, false, n1, a, ''",
        "PreferSameNode, true, n1, a, zone a node n1",
        "PreferSameNode, true, n1,, node n1",
        "PreferSameNode, true, '', a, ''"
    })
    void onlyReadyEndpointsOfAKnownPlaceAreHinted(
            String distribution, boolean ready, String node, String zone, String expected) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .withTrafficDistribution(distribution)
                .endSpec()
                .build();
        assertThat(text(TrafficHints.of(service, ready, node, zone))).isEqualTo(expected);
    }

    private static String text(EndpointHints hints) {
        return hints == null
                ? ""
                : Stream.concat(
                                hints.getForZones().stream().map(zone -> "zone " + zone.getName()),
                                hints.getForNodes().stream().map(node -> "node " + node.getName()))
                        .collect(Collectors.joining(" "));
    }
}
