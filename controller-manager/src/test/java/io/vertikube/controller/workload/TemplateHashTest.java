package io.vertikube.controller.workload;

import static io.vertikube.controller.Fixtures.template;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemplateHashTest {
    @Test
    void equalContentHashesEqualWhateverItsOrder() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("b", "2");
        other.put("a", "1");
        assertThat(TemplateHash.of(one, null)).isEqualTo(TemplateHash.of(other, null));
    }

    @Test
    void contentAndCollisionsChangeIt() {
        String hash = TemplateHash.of(template("web:1"), null);
        assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}");
        assertThat(TemplateHash.of(template("web:2"), null)).isNotEqualTo(hash);
        assertThat(TemplateHash.of(template("web:1"), 1)).isNotEqualTo(hash);
    }

    @Test
    void itIsTheSameInEveryRelease() {
        assertThat(TemplateHash.of(Map.of("a", "1"), null)).isEqualTo(TemplateHash.of(Map.of("a", "1"), null));
        assertThat(TemplateHash.spell("0123456789")).isEqualTo("456789bcdf");
    }
}
