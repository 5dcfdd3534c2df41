package io.vertikube.controller.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProportionalHintsTest {

    /** {@code a:2} is a ready endpoint in zone a, twice; {@code -} one of no zone, {@code a!} one that is not ready. */
    @ParameterizedTest(name = "endpoints {1} on nodes {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a=2 b=2       | a:2 b:2       | a=2 b=2",
                "a=2 b=2 c=2   | a:3 b:3 c:3   | a=3 b=3 c=3",
                "a=4 b=2       | a:4 b:2       | a=4 b=2",
                "a=4 b=2       | a:3 b:3       | a=4 b=2",
                "a=2 b=2       | a:4           | a=2 b=2",
                "a=2 b=2 c=2   | a:9           | a=3 b=3 c=3",
                "a=2 b=2 c=2   | a:5 b:2 c:2   | a=3 b=3 c=3",
                "a=2 b=2       | a:11 b:9      | a=11 b=9",
                "a=1900m b=2   | a:5 b:5 a!    | a=5 b=5",
                "a=2 b=2 c=2   | a:4 b:4 c:3   | Unable to allocate minimum required endpoints to each zone without"
                        + " exceeding overload threshold (11 endpoints, 3 zones), addressType: IPv4",
                "a=2 b=2       | a:2 b:1       | Unable to allocate minimum required endpoints to each zone without"
                        + " exceeding overload threshold (3 endpoints, 2 zones), addressType: IPv4",
                "a=2 b=2 c=2   | a:1 b:1 c!    | Insufficient number of endpoints (2 endpoints, 3 zones), addressType: IPv4",
                "a=2           | a:4           | Nodes only ready in one zone, addressType: IPv4",
                "a=2 -=2       | a:4           | Insufficient Node information: allocatable CPU or zone not specified on one"
                        + " or more nodes, addressType: IPv4",
                "a=2 b=0       | a:4           | Insufficient Node information: allocatable CPU or zone not specified on one"
                        + " or more nodes, addressType: IPv4",
                "a=2 b=2       | a:2 b:1 -:1   | One or more endpoints do not have a zone specified, addressType: IPv4",
            })
    void endpointsAreSharedByTheProcessorsOfZones(String nodes, String endpoints, String expected) {
        ProportionalHints hints = ProportionalHints.of(wanted(endpoints), ZoneShares.of(nodes(nodes)));
        List<Endpoint> result = hints.endpoints().byPorts().get(List.of());
        String shares = result.stream()
                .filter(endpoint -> endpoint.getHints() != null)
                .collect(Collectors.groupingBy(
                        endpoint -> endpoint.getHints().getForZones().getFirst().getName(), Collectors.counting()))
                .entrySet()
                .stream()
                .map(Map.Entry::toString)
                .sorted()
                .collect(Collectors.joining(" "));
        assertThat(hints.withheld().orElse(shares)).isEqualTo(expected);
        assertThat(shares.isEmpty()).isEqualTo(hints.withheld().isPresent());
        assertThat(result)
                .allSatisfy(endpoint -> assertThat(endpoint.getConditions().getReady() || endpoint.getHints() == null)
                        .isTrue());
    }

    @Test
    void anEndpointStaysInItsOwnZoneAsLongAsItMay() {
        ProportionalHints hints = ProportionalHints.of(wanted("a:5 b:2 c:2"), ZoneShares.of(nodes("a=2 b=2 c=2")));
        assertThat(hints.endpoints().byPorts().get(List.of()))
                .filteredOn(endpoint -> !endpoint.getZone()
                        .equals(endpoint.getHints().getForZones().getFirst().getName()))
                .hasSize(2);
    }

    @Test
    void nodesThatAreNotReadyOrForTheControlPlaneDoNotCount() {
        var nodes = new ArrayList<>(nodes("a=2 b=2"));
        nodes.addAll(nodes("-=2"));
        nodes.getLast().getStatus().getConditions().getFirst().setStatus("Unknown");
        nodes.addAll(nodes("b=64"));
        nodes.getLast().getMetadata().getLabels().put("node-role.kubernetes.io/control-plane", "");
        assertThat(ZoneShares.of(nodes)).isEqualTo(new ZoneShares(Map.of("a", 2000L, "b", 2000L), true));
    }

    @ParameterizedTest
    @CsvSource({
        "service.kubernetes.io/topology-mode, Auto, true",
        "service.kubernetes.io/topology-mode, Disabled, false",
        "service.kubernetes.io/topology-aware-hints, auto, true",
        "other, Auto, false"
    })
    void theServiceAsksByAnnotationWhichOverrulesItsTrafficDistribution(String key, String value, boolean asks) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .addToAnnotations(key, value)
                .endMetadata()
                .withNewSpec()
                .withTrafficDistribution("PreferClose")
                .endSpec()
                .build();
        assertThat(ProportionalHints.asked(service)).isEqualTo(asks);
        assertThat(TrafficHints.of(service, true, "n", "a") == null).isEqualTo(asks);
    }

    private static List<Node> nodes(String text) {
        var nodes = new ArrayList<Node>();
        for (String word : text.strip().split(" +")) {
            String zone = word.substring(0, 1);
            nodes.add(new NodeBuilder()
                    .withNewMetadata()
                    .withName("node-" + word)
                    .addToLabels(zone.equals("-") ? "no-zone" : ZoneShares.ZONE, zone)
                    .endMetadata()
                    .withNewStatus()
                    .addToAllocatable("cpu", new Quantity(word.substring(2)))
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus("True")
                    .endCondition()
                    .endStatus()
                    .build());
        }
        return nodes;
    }

    private static WantedEndpoints wanted(String text) {
        var endpoints = new ArrayList<Endpoint>();
        for (String word : text.strip().split(" +")) {
            boolean ready = !word.endsWith("!");
            int count = ready ? Integer.parseInt(word.substring(2)) : 1;
            String zone = word.substring(0, 1);
            for (int i = 0; i < count; i++) {
                endpoints.add(new EndpointBuilder()
                        .withAddresses("10.0.0." + endpoints.size())
                        .withZone(zone.equals("-") ? null : zone)
                        .withNewConditions()
                        .withReady(ready)
                        .endConditions()
                        .build());
            }
        }
        return new WantedEndpoints("IPv4", Map.of(List.of(), endpoints));
    }
}
