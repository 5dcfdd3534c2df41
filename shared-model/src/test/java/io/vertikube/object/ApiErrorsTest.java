package io.vertikube.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ApiErrorsTest {

    @Test
    void sentencesAreTheOnesThatClientsKnow() {
        var deployments = new Gvr("apps", "v1", "deployments");
        assertThat(ApiErrors.notFound(deployments, "web")).hasMessage("deployments.apps \"web\" not found");
        assertThat(ApiErrors.staleWrite(deployments, "web"))
                .hasMessage("Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified;"
                        + " please apply your changes to the latest version and try again");
        ApiException invalid = ApiErrors.invalid(
                new Gvk("", "v1", "Pod"),
                "p",
                List.of(
                        FieldError.required("spec.containers[0].image", ""),
                        FieldError.notSupported("spec.dnsPolicy", "X", List.of("Default", "None"))));
        assertThat(invalid)
                .hasMessage("Pod \"p\" is invalid: [spec.containers[0].image: Required value, spec.dnsPolicy:"
                        + " Unsupported value: \"X\": supported values: \"Default\", \"None\"]");
        assertThat(invalid.status().getDetails().getCauses().get(0).getReason()).isEqualTo("FieldValueRequired");
        assertThat(invalid.code()).isEqualTo(422);
    }
}
