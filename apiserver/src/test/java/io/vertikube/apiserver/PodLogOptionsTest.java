package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused of the options of a log, before a kubelet is asked. */
class PodLogOptionsTest {

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("s");
        api.post(
                "/api/v1/namespaces/s/pods",
                "{\"metadata\":{\"name\":\"p\",\"annotations\":{\"kubectl.kubernetes.io/default-container\":\"a\"}},"
                        + "\"spec\":{\"initContainers\":[{\"name\":\"i\",\"image\":\"x\"}],\"containers\":[{\"name\":\"a\","
                        + "\"image\":\"x\"},{\"name\":\"b\",\"image\":\"x\"}]}}");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "container=a                            => 200 => ",
                "container=i&follow=true&timestamps=1   => 200 => ",
                "tailLines=1                            => 400 => a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]",
                "container=z                            => 400 => container z is not valid for pod p",
                "container=a&tailLines=-1               => 422 => PodLogOptions \"p\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
                "container=a&limitBytes=0               => 422 => PodLogOptions \"p\" is invalid: limitBytes: Invalid value: 0: must be greater than 0",
                "container=a&sinceSeconds=0             => 422 => PodLogOptions \"p\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0",
                "container=a&stream=Both                => 422 => stream: Unsupported value: \"Both\": supported values: \"All\", \"Stdout\", \"Stderr\"",
                "container=a&stream=Stderr&tailLines=3  => 422 => `tailLines` and specific `stream` are mutually exclusive for now",
                "container=a&sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z => 422 => at most one of `sinceTime` or `sinceSeconds` may be specified",
                "container=a&sinceTime=yesterday        => 400 => sinceTime: \"yesterday\" is no RFC 3339 time",
                "container=a&tailLines=x                => 400 => strconv.ParseInt: parsing \"x\": invalid syntax (tailLines)",
            })
    void optionsAreChecked(String query, int code, String sentence) {
        TestApi.Reply reply = api.get("/api/v1/namespaces/s/pods/p/log?" + query);
        assertThat(reply.code()).isEqualTo(code);
        if (code == 200) {
            // Nobody runs it yet, so that it has said nothing.
            assertThat(reply.text()).isEmpty();
        } else {
            assertThat(reply.json().path("message").asText()).contains(sentence);
        }
    }
}
