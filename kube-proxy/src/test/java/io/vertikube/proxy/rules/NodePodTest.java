package io.vertikube.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods as the API server tells them, of which only a few changes matter to the rules. */
final class NodePodTest {

    private static final String PORT = "{\"containerPort\":80,\"hostPort\":8080,\"name\":\"x\",\"protocol\":\"TCP\"}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "it came          | -                 | Running 10.0.0.1 | true",
                "it is gone       | Running 10.0.0.1  | -                | true",
                "it has an address| Pending -         | Pending 10.0.0.1 | true",
                "it ended         | Running 10.0.0.1  | Failed 10.0.0.1  | true",
                "it is to end     | Running 10.0.0.1  | Running 10.0.0.1 ending | true",
                "nothing of that  | Running 10.0.0.1  | Running 10.0.0.1 | false"
            })
    void onlySomeChangesOfPodsWithHostPortsTouchTheRules(String what, String before, String after, boolean touches) {
        assertThat(NodePod.touchRules(pod(before, PORT), pod(after, PORT)))
                .as(what)
                .isEqualTo(touches);
        assertThat(NodePod.touchRules(pod(before, "{\"containerPort\":80}"), pod(after, "{\"containerPort\":80}")))
                .as("no host port: " + what)
                .isFalse();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "Running, 10.0.0.1, false, 10.0.0.1",
        "Running, 10.0.0.1, true, ''",
        "Running, fd00::1, false, ''",
        "Succeeded, 10.0.0.1, false, ''",
        "Failed, 10.0.0.1, false, ''"
    })
    void aPodHoldsItsPortsWhileItRuns(String phase, String address, boolean hostNetwork, String expected) {
        NodePod pod = Json.read("""
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},
                 "spec":{"hostNetwork":%s,"containers":[]},"status":{"phase":"%s","podIP":"%s"}}
                """.formatted(hostNetwork, phase, address).getBytes(), NodePod.class);
        assertThat(pod.address()).isEqualTo(expected);
    }

    private static NodePod pod(String words, String port) {
        if (words == null) {
            return null;
        }
        String[] parts = words.split(" ");
        String ending = parts.length > 2 ? ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"" : "";
        String address = parts[1].equals("-") ? "" : ",\"podIP\":\"" + parts[1] + "\"";
        return Json.read("""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}%s},
                 "spec":{"nodeName":"n","containers":[{"name":"c","image":"i","ports":[%s]}]},
                 "status":{"phase":"%s"%s,"conditions":[{"type":"Ready","status":"True"}]}}
                """.formatted(ending, port, parts[0], address).getBytes(), NodePod.class);
    }
}
