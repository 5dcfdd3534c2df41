package io.vertikube.apiserver.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;

/** Writes trees as the bytes of a response. Safe for any thread. */
public final class Documents {

    /** Made when the first client asks for YAML, not at start. */
    private static final class Yaml {
        static final ObjectMapper MAPPER = YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
    }

    private Documents() {}

    public static Buffer write(JsonNode tree, View.Format format) {
        try {
            return switch (format) {
                case JSON -> Buffer.buffer(Json.MAPPER.writeValueAsBytes(tree)).appendByte((byte) '\n');
                case YAML -> Buffer.buffer(Yaml.MAPPER.writeValueAsBytes(tree));
            };
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write a response", e);
        }
    }
}
