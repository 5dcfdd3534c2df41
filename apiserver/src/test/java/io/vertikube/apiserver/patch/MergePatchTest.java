package io.vertikube.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases are those of RFC 7386, appendix A, as far as the patch is an object. */
class MergePatchTest {

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'a':'b'}; {'a':'c'}; {'a':'c'}",
                "{'a':'b'}; {'b':'c'}; {'a':'b','b':'c'}",
                "{'a':'b'}; {'a':null}; {}",
                "{'a':'b','b':'c'}; {'a':null}; {'b':'c'}",
                "{'a':['b']}; {'a':'c'}; {'a':'c'}",
                "{'a':'c'}; {'a':['b']}; {'a':['b']}",
                "{'a':{'b':'c'}}; {'a':{'b':'d','c':null}}; {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]}; {'a':[1]}; {'a':[1]}",
                "['a','b']; {'a':1}; {'a':1}",
                "{'e':null}; {'a':1}; {'e':null,'a':1}",
                "{}; {'a':{'bb':{'ccc':null}}}; {'a':{'bb':{}}}",
            })
    void mergesAsTheRfcSays(String target, String patch, String expected) {
        assertThat(MergePatch.apply(json(target), json(patch))).isEqualTo(json(expected));
    }

    @Test
    void patchThatIsNoObjectIsRefused() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> MergePatch.apply(json("{}"), json("[1]")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(400));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
