package io.vertikube.controller.history;

import static io.vertikube.controller.Fixtures.replicaSet;
import static io.vertikube.controller.Fixtures.template;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TemplateRevisionTest {
    private final ControllerRevision revision =
            TemplateRevision.of(replicaSet("web", 1), new Gvk("apps", "v1", "DaemonSet"), template("web:1"), 3, null);

    @Test
    void aTemplateIsFoundAgainAfterAWayOverTheWire() {
        ControllerRevision read = Json.copy(revision);
        assertThat(TemplateRevision.template(read)).contains(template("web:1"));
        assertThat(TemplateRevision.holding(template("web:1"), List.of(read))).contains(read);
        assertThat(TemplateRevision.holding(template("web:2"), List.of(read))).isEmpty();
    }

    @Test
    void itIsThePatchThatAnUndoSends() {
        var data = Json.tree(Json.bytes(revision)).path("data").path("spec").path("template");
        assertThat(data.path("$patch").asText()).isEqualTo("replace");
        assertThat(data.path("spec").path("containers").get(0).path("image").asText())
                .isEqualTo("web:1");
        assertThat(revision.getMetadata().getName()).isEqualTo("web-" + TemplateRevision.hash(revision));
        assertThat(revision.getRevision()).isEqualTo(3);
    }
}
