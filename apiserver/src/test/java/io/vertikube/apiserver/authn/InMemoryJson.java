package io.vertikube.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;

/** JSON with single quotes. */
final class InMemoryJson {

    private InMemoryJson() {}

    static JsonNode tree(String json) {
        return Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
