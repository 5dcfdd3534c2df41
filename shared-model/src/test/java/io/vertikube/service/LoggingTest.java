package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.vertikube.object.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LoggingTest {

    @Test
    void jsonIsOneReadableObjectALine() {
        PrintStream before = System.err;
        var written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            var context = new LoggerContext();
            context.setMDCAdapter(new LogbackMDCAdapter());
            Logback.configure(context, "json", 0);
            context.getLogger("io.vertikube.test").info("{} leads {}", "me", "them");
        } finally {
            System.setErr(before);
        }
        var line = Json.tree(written.toByteArray());
        assertThat(line.path("formattedMessage").asText()).isEqualTo("me leads them");
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("timestamp").isNumber()).isTrue();
    }

    @Test
    void aProgramThatLogsWithSomethingElseKeepsIt() {
        var before = LoggerFactory.getILoggerFactory();
        Logging.configure("text", 0);
        assertThat(LoggerFactory.getILoggerFactory()).isSameAs(before).isNotInstanceOf(LoggerContext.class);
    }

    @Test
    void anotherFormatIsRefused() {
        assertThatThrownBy(() -> Logging.configure("xml", 0)).hasMessageContaining("none of text, json");
    }
}
