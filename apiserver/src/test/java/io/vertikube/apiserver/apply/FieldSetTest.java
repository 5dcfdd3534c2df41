package io.vertikube.apiserver.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSetTest {

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                // one; other; union; intersection; difference; without
                "{'f:a':{}}; {'f:b':{}}; {'f:a':{},'f:b':{}}; {}; {'f:a':{}}; {'f:a':{}}",
                "{'f:a':{'f:x':{}}}; {'f:a':{}}; {'f:a':{'.':{},'f:x':{}}}; {}; {'f:a':{'f:x':{}}}; {}",
                "{'f:a':{'.':{},'f:x':{}}}; {'f:a':{'f:x':{}}}; {'f:a':{'.':{},'f:x':{}}}; {'f:a':{'f:x':{}}}; {'f:a':{}}; {'f:a':{}}",
                "{'f:a':{'f:x':{},'f:y':{}}}; {'f:a':{'f:y':{},'f:z':{}}}; {'f:a':{'f:x':{},'f:y':{},'f:z':{}}}; {'f:a':{'f:y':{}}}; {'f:a':{'f:x':{}}}; {'f:a':{'f:x':{}}}",
                "{}; {'f:a':{}}; {'f:a':{}}; {}; {}; {}",
            })
    void setsCombine(String one, String other, String union, String both, String difference, String without) {
        FieldSet a = set(one);
        FieldSet b = set(other);
        assertThat(a.union(b)).isEqualTo(set(union));
        assertThat(b.union(a)).isEqualTo(set(union));
        assertThat(a.intersection(b)).isEqualTo(set(both));
        assertThat(a.difference(b)).isEqualTo(set(difference));
        assertThat(a.without(b)).isEqualTo(set(without));
    }

    @Test
    void writesWhatItRead() {
        String json = "{'f:spec':{'f:c':{'k:{\\'name\\':\\'c\\'}':{'.':{},'f:image':{}}},'f:s':{'v:\\'x\\'':{}}}}";
        assertThat(set(json).toString()).isEqualTo(json.replace("\\'", "\\\"").replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain-1.2_3", "a b", "q\"q", "b\\b", "t\tt", "\u0001", "\u00e9", "\ud83d\ude00", "/"})
    void textsInStepsAreWrittenAsJson(String text) throws JsonProcessingException {
        String written = Json.mapper().writeValueAsString(text);
        for (String step : List.of("v:" + written, "k:{\"name\":" + written + ",\"port\":80}")) {
            var json = Json.object();
            json.putObject(step);
            FieldSet set = FieldSet.parse(json);
            assertThat(set.toJson().fieldNames().next()).isEqualTo(step);
        }
    }

    @Test
    void keysAreEqualWhateverTheirOrder() {
        assertThat(set("{'k:{\\'protocol\\':\\'TCP\\', \\'port\\':80}':{}}"))
                .isEqualTo(set("{'k:{\\'port\\':80,\\'protocol\\':\\'TCP\\'}':{}}"));
    }

    @Test
    void pathsArePrintedAsInMessages() {
        FieldSet set = set("{'f:spec':{'f:c':{'k:{\\'port\\':80,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:name':{}}},"
                + "'f:l':{'v:\\'a\\'':{}},'f:n':{'i:3':{}}}}");
        assertThat(set.paths())
                .containsExactly(
                        ".spec.c[port=80,protocol=\"TCP\"]",
                        ".spec.c[port=80,protocol=\"TCP\"].name",
                        ".spec.l[=\"a\"]",
                        ".spec.n[3]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {"{'x:a':{}}", "{'f:a':1}", "[1]", "{'k:nothing':{}}"})
    void nonsenseIsRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> set(json));
    }

    private static FieldSet set(String json) {
        String text = json.replace("\\'", "\\\"").replace('\'', '"');
        return FieldSet.parse(Json.tree(text.getBytes(StandardCharsets.UTF_8)));
    }
}
