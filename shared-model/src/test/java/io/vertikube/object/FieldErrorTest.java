package io.vertikube.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How values stand in the sentences of errors. */
final class FieldErrorTest {

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void valuesAreShownAsJsonAndWhatIsNotThereAsNull() {
        assertThat(FieldError.invalid("spec.a", json("{\"b\":[1,true]}"), "no").message())
                .isEqualTo("spec.a: Invalid value: {\"b\":[1,true]}: no");
        assertThat(FieldError.invalid("spec.a", json("\"b\""), "no").message())
                .isEqualTo("spec.a: Invalid value: \"b\": no");
        assertThat(FieldError.invalid("spec.a", MissingNode.getInstance(), "no").message())
                .isEqualTo("spec.a: Invalid value: null: no");
    }
}
