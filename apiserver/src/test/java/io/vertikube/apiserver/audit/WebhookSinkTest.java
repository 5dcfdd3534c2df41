package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Events go out in batches; a service that does not take them is asked again, and then they are counted as lost. */
final class WebhookSinkTest {

    private static final AuditLimits LIMITS = new AuditLimits(10, 10, 3, Duration.ofHours(1), Duration.ofMillis(1), 2);

    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();

    private static void write(WebhookSink sink, int events) {
        for (int i = 0; i < events; i++) {
            sink.write(Json.object().put("auditID", "e" + i));
        }
    }

    @Test
    void batchesAreFullOrWhatIsLeftAtTheEnd() {
        var sink = new WebhookSink(body -> taken.add(Json.tree(body)), LIMITS, dropped::incrementAndGet);
        write(sink, 4);
        sink.close();
        assertThat(taken).hasSize(2);
        assertThat(taken.getFirst().path("kind").asText()).isEqualTo("EventList");
        assertThat(taken.getFirst().path("items")).hasSize(3);
        assertThat(taken.getLast().at("/items/0/auditID").asText()).isEqualTo("e3");
        assertThat(dropped).hasValue(0);
    }

    @Test
    void aServiceThatRefusesIsAskedAgainAndThenItsEventsAreCounted() {
        var asked = new AtomicInteger();
        var sink = new WebhookSink(
                body -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("away");
                },
                LIMITS,
                dropped::incrementAndGet);
        write(sink, 3);
        while (asked.get() < 2) {
            Thread.onSpinWait();
        }
        sink.close();
        assertThat(asked).hasValue(2);
        assertThat(dropped).hasValue(3);
    }
}
