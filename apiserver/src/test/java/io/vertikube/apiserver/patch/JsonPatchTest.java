package io.vertikube.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'a':1}; [{'op':'add','path':'/b','value':[1,2]}]; {'a':1,'b':[1,2]}",
                "{'a':[1,3]}; [{'op':'add','path':'/a/1','value':2}]; {'a':[1,2,3]}",
                "{'a':[1]}; [{'op':'add','path':'/a/-','value':2}]; {'a':[1,2]}",
                "{'a':[1]}; [{'op':'add','path':'/a/1','value':2}]; {'a':[1,2]}",
                "{'a':1,'b':2}; [{'op':'remove','path':'/a'}]; {'b':2}",
                "{'a':[1,2]}; [{'op':'remove','path':'/a/0'}]; {'a':[2]}",
                "{'a':1}; [{'op':'replace','path':'/a','value':{'x':null}}]; {'a':{'x':null}}",
                "{'a':{'x':1}}; [{'op':'move','from':'/a/x','path':'/b'}]; {'a':{},'b':1}",
                "{'a':{'x':1}}; [{'op':'copy','from':'/a','path':'/b'}]; {'a':{'x':1},'b':{'x':1}}",
                "{'a/b':{'m~n':1}}; [{'op':'replace','path':'/a~1b/m~0n','value':2}]; {'a/b':{'m~n':2}}",
                "{'a':1}; [{'op':'test','path':'/a','value':1.0},{'op':'add','path':'/b','value':2}]; {'a':1,'b':2}",
                "{'a':1}; [{'op':'test','path':'/none','value':null}]; {'a':1}",
                "{'a':1}; [{'op':'replace','path':'','value':{'b':1}}]; {'b':1}",
                "{'a':{'01':1}}; [{'op':'remove','path':'/a/01'}]; {'a':{}}",
            })
    void operationsChangeTheDocument(String target, String patch, String expected) {
        assertThat(JsonPatch.apply(json(target), json(patch))).isEqualTo(json(expected));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'a':1}; [{'op':'remove','path':'/b'}]; 422; remove operation does not apply: doc is missing path: \"/b\"",
                "{'a':1}; [{'op':'replace','path':'/b','value':1}]; 422; doc is missing path: \"/b\"",
                "{'a':[1]}; [{'op':'add','path':'/a/2','value':1}]; 422; doc is missing path: \"/a/2\"",
                "{'a':[1]}; [{'op':'remove','path':'/a/-1'}]; 422; doc is missing path: \"/a/-1\"",
                "{'a':[1]}; [{'op':'remove','path':'/a/01'}]; 422; doc is missing path",
                "{'a':1}; [{'op':'add','path':'/b/c','value':1}]; 422; doc is missing path: \"/b/c\"",
                "{'a':1}; [{'op':'test','path':'/a','value':2}]; 422; testing path /a failed",
                "{'a':1}; [{'op':'test','path':'/a'}]; 422; testing path /a failed",
                "{'a':1}; [{'op':'frob','path':'/a'}]; 422; Unexpected kind: frob",
                "{'a':1}; [{'op':'add','path':'/a'}]; 422; needs \"value\"",
                "{'a':1}; [{'op':'add','path':'a','value':1}]; 422; a path begins with '/'",
                "{'a':1}; {'op':'add'}; 400; a list of operations",
                "{'a':1}; [1]; 400; is an object",
            })
    void whatDoesNotFitIsRefused(String target, String patch, int code, String why) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(json(target), json(patch)))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(Json.mapper().valueToTree(e.status()).toString().replace("\\\"", "\""))
                            .contains(why);
                });
    }

    @Test
    void targetStaysAsItWas() {
        JsonNode target = json("{'a':{'x':1}}");
        JsonNode result = JsonPatch.apply(target, json("[{'op':'copy','from':'/a','path':'/b'}]"));
        ((ObjectNode) result.get("a")).put("x", 2);
        assertThat(target).isEqualTo(json("{'a':{'x':1}}"));
        assertThat(result.at("/b/x").asInt()).isEqualTo(1);
    }

    @Test
    void copiesThatGrowWithoutBoundAreRefused() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 40; i++) {
            patch.addObject().put("op", "copy").put("from", "/a").put("path", "/a/-");
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(json("{'a':['0123456789']}"), patch))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(422);
                    assertThat(e.status().getDetails().getCauses().getFirst().getMessage())
                            .startsWith("Unable to complete the copy, the accumulated size increase of copy is");
                });
    }

    @Test
    void movesThatNestWithoutBoundAreRefused() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 4_000; i++) {
            patch.addObject().put("op", "add").put("path", "/b").putObject("value");
            patch.addObject().put("op", "move").put("from", "/a").put("path", "/b/a");
            i++;
            patch.addObject().put("op", "add").put("path", "/a").putObject("value");
            patch.addObject().put("op", "move").put("from", "/b").put("path", "/a/b");
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(json("{'a':{}}"), patch))
                .satisfies(e -> assertThat(e.code()).isEqualTo(422));
    }

    @Test
    void tooManyOperationsAreRefused() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 10_001; i++) {
            patch.addObject().put("op", "test").put("path", "/a").put("value", 1);
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(json("{'a':1}"), patch))
                .satisfies(e -> assertThat(e.code()).isEqualTo(413))
                .withMessageEndingWith("The allowed maximum operations in a JSON patch is 10000, got 10001");
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
