package io.vertikube.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPathTest {

    private static final JsonNode OBJECT = Json.tree("""
            {"spec":{"a":"x","list":[{"n":"one","v":1},{"n":"two","v":2}]},
             "metadata":{"labels":{"a.b/c":"dotted"}},
             "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Other","status":"False"}]}}
            """.getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                ".spec.a; [\"x\"]",
                "{.spec.a}; [\"x\"]",
                "$.spec.a; [\"x\"]",
                ".spec.none; []",
                ".spec.list[0].n; [\"one\"]",
                ".spec.list[-1].n; [\"two\"]",
                ".spec.list[7].n; []",
                ".spec.list[*].n; [\"one\", \"two\"]",
                ".spec.list[?(@.v==2)].n; [\"two\"]",
                ".status.conditions[?(@.type==\"Ready\")].status; [\"True\"]",
                ".status.conditions[?(@.type != 'Ready')].status; [\"False\"]",
                ".metadata.labels['a.b/c']; [\"dotted\"]",
                ".metadata.labels.a\\.b/c; [\"dotted\"]",
                ".spec[; []",
                "a b; []",
            })
    void findsWhatItLeadsTo(String path, String found) {
        assertThat(JsonPath.parse(path).find(OBJECT)).hasToString(found);
    }
}
