package io.vertikube.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints are written as {@code node/zone/node}: where it is, and the zone and the node that it is meant for. */
final class BackendsTest {

    private static final ServicePort PORT =
            new ServicePortBuilder().withName("http").withPort(80).build();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no hints, n1 n2 n3, 1 2 3",
        "our zone, n1/a n2/a n3/b, 1 2",
        "none in our zone, n2/b n3/b, 1 2",
        "one has no hint, n1/a n2/b n3, 1 2 3",
        "our node, n1/a/n1 n2/a/n2 n3/b/n3, 1",
        "none on our node, n2/a/n2 n3/b/n3, 1",
        "neither node nor zone, n3/b/n3 n4/b/n4, 1 2",
        "a node alone, n1//n1 n2//n2, 1"
    })
    void hintsKeepTrafficClose(String what, String endpoints, String expected) {
        var node = new NodeView("n1", "a", "", true);
        String close =
                Backends.close(Backends.usable(Backends.of(List.of(slice(endpoints.split(" "))), PORT, node))).stream()
                        .map(backend -> backend.address().substring("10.0.0.".length()))
                        .collect(Collectors.joining(" "));
        assertThat(close).isEqualTo(expected);
    }

    private static EndpointSlice slice(String... endpoints) {
        var slice = new EndpointSliceBuilder()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withPort(8080)
                .endPort();
        int number = 0;
        for (String text : endpoints) {
            String[] parts = text.split("/");
            var endpoint = new EndpointBuilder()
                    .withAddresses("10.0.0." + ++number)
                    .withNodeName(parts[0])
                    .withNewConditions()
                    .withReady(true)
                    .endConditions();
            if (parts.length > 1) {
                var hints = new EndpointHintsBuilder();
                if (!parts[1].isEmpty()) {
                    hints.addNewForZone(parts[1]);
                }
                if (parts.length > 2) {
                    hints.addNewForNode(parts[2]);
                }
                endpoint.withHints(hints.build());
            }
            slice.addToEndpoints(endpoint.build());
        }
        return slice.build();
    }
}
