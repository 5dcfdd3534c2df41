package io.vertikube.apiserver.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertikube.apiserver.schema.BinaryWriter;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;

/** Writes trees as the bytes of a response. Safe for any thread. */
public final class Documents {

    /** As Go writes JSON for people. */
    private static final class Pretty {
        static final ObjectWriter WRITER = Json.mapper()
                .writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                        .withArrayIndenter(new DefaultIndenter("  ", "\n"))
                        .withObjectIndenter(new DefaultIndenter("  ", "\n")));
    }

    /** Made when the first client asks for YAML, not at start. */
    private static final class Yaml {
        static final ObjectMapper MAPPER = YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
    }

    private final BinaryWriter binary;

    /** @param binary loads what it needs with the first answer */
    public Documents(BinaryWriter binary) {
        this.binary = binary;
    }

    /** Whether objects of a kind have a protobuf form. */
    public boolean knows(Gvk type) {
        return binary.knows(type);
    }

    public Buffer write(JsonNode tree, View view) {
        try {
            return switch (view.format()) {
                case JSON -> Buffer.buffer(json(tree, view)).appendByte((byte) '\n');
                case YAML -> Buffer.buffer(Yaml.MAPPER.writeValueAsBytes(tree));
                case PROTOBUF -> Buffer.buffer(binary.write(tree));
            };
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write a response", e);
        }
    }

    private static byte[] json(JsonNode tree, View view) throws JsonProcessingException {
        return view.pretty() ? Pretty.WRITER.writeValueAsBytes(tree) : JsonTrees.bytes(tree);
    }
}
