package io.vertikube.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees are read and written as a mapper does it. */
class JsonTreesTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                "\"a\\u00e9\\ud83d\\ude00\\n\\\"\\\\/\\u0001\"",
                "0",
                "-1",
                "2147483648",
                "9223372036854775808",
                "1.0",
                "1e400",
                "-0.25e-3",
                "{\"a\":{\"b\":[1,[],{},null,false,\"c\"]},\"\":\"\",\"d\":12345678901}",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "  {\"a\" : 1 } trailing",
                "",
                "   ",
            })
    void asAMapperDoes(String json) throws IOException {
        JsonNode expected = MAPPER.readTree(json.getBytes(UTF_8));
        assertThat(JsonTrees.read(json.getBytes(UTF_8))).isEqualTo(expected);
        assertThat(JsonTrees.read(json)).isEqualTo(expected);
        assertThat(JsonTrees.read(new ByteArrayInputStream(json.getBytes(UTF_8))))
                .isEqualTo(expected);
        assertThat(JsonTrees.bytes(expected)).asString(UTF_8).isEqualTo(MAPPER.writeValueAsString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"a\"}", "nul", "{\"a\":1,}", "]", "'a'", "\"a", "01"})
    void whatIsNoJsonIsRefusedAsByAMapper(String json) {
        assertThatThrownBy(() -> MAPPER.readTree(json)).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> JsonTrees.read(json)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void depthHasALimitAndNoStackRunsOver() throws IOException {
        String deep = "[".repeat(JsonTrees.DEEPEST) + "]".repeat(JsonTrees.DEEPEST);
        assertThat(JsonTrees.bytes(JsonTrees.read(deep))).asString(UTF_8).isEqualTo(deep);
        assertThatThrownBy(() -> JsonTrees.read("[" + deep + "]")).hasMessageContaining("nesting depth");
    }

    @Test
    void valuesThatNoReaderMakesAreWrittenToo() throws IOException {
        var tree = JsonTrees.object();
        tree.put("decimal", new BigDecimal("1.50"))
                .put("bytes", new byte[] {1, 2})
                .put("float", 0.5f);
        tree.putPOJO("object", ObjectKey.parse("a/b"));
        assertThat(JsonTrees.bytes(tree)).asString(UTF_8).isEqualTo(MAPPER.writeValueAsString(tree));
    }
}
