package io.vertikube.deploy.bench.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.ApiServer;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.deploy.bench.load.Target;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiServerBenchTest {

    @Test
    void everyPartIsMeasuredAgainstAServerThatRunsAndNothingIsLeftInIt() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ApiServer server = ApiServer.start(vertx, ApiServerOptions.forTests())) {
            int before = objects(server);
            var out = new ByteArrayOutputStream();
            var options = new BenchOptions(500, 0.1, 0.1, 5, 10, Set.of(), List.of(), 0, null);
            new ApiServerBench(
                            options,
                            Target.of(server.adminConfig(), false),
                            new Report(new PrintStream(out, true, StandardCharsets.UTF_8)))
                    .run();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("creates, 128 in flight", "gets, 32 in flight", "lists of 500", "watch fan-out to 5")
                    .doesNotContain("requests failed");
            // Namespaces wait for their controller; all that was in them is gone.
            assertThat(objects(server)).isEqualTo(before);
        } finally {
            vertx.close().await();
        }
    }

    private static int objects(ApiServer server) {
        return server.storage()
                .snapshot(io.vertikube.apiserver.storage.Read.latest())
                .under("/registry/core/pods/")
                .size();
    }
}
