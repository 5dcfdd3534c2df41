package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server that was started again says to those who come back. */
final class RestartTest {

    @Test
    void aWatchFromBeforeTheRestartIsToldToListAgain(@TempDir Path folder) {
        var options = ApiServerOptions.forTests()
                .withStore(new ApiServerOptions.StoreChoice(folder, List.of(), null, null, null));
        try (TestApi first = TestApi.start(options)) {
            first.namespace("kept");
        }
        try (TestApi second = TestApi.start(options)) {
            assertThat(second.get("/api/v1/namespaces/kept").code()).isEqualTo(200);
            TestApi.Reply watch = second.get("/api/v1/pods?watch=true&resourceVersion=2&timeoutSeconds=5");
            assertThat(watch.text()).contains("\"type\":\"ERROR\"", "\"code\":410", "\"reason\":\"Expired\"");
        }
    }
}
