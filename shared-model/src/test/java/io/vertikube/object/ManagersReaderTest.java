package io.vertikube.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Objects with and without those who manage their fields. */
class ManagersReaderTest {

    private static final byte[] POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","managedFields":[{"manager":"kubectl","operation":"Update",
             "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}}}}],"labels":{"app":"web"}},
             "spec":{"nodeName":"n"}}
            """.getBytes(StandardCharsets.UTF_8);

    @Test
    void areReadByDefault() {
        Pod pod = Json.read(POD, Pod.class);
        assertThat(pod.getMetadata().getManagedFields()).singleElement().satisfies(entry -> {
            assertThat(entry.getManager()).isEqualTo("kubectl");
            assertThat(entry.getFieldsV1().getAdditionalProperties()).containsKey("f:metadata");
        });
    }

    @Test
    void areLeftOutWithEverythingElseInPlaceAndNotWrittenAsForgotten() throws IOException {
        Pod pod = Json.withoutManagers(Pod.class).readValue(POD);
        assertThat(pod.getMetadata().getManagedFields()).isEmpty();
        assertThat(pod.getMetadata().getLabels()).containsEntry("app", "web");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("n");
        JsonNode written = Json.tree(Json.bytes(pod));
        assertThat(written.path("metadata").has("managedFields"))
                .as("an empty list would tell the server to forget them")
                .isFalse();
    }
}
