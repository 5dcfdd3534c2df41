package io.vertikube.apiserver.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.object.ApiException;
import org.junit.jupiter.api.Test;

class ViewTest {

    @Test
    void nothingAskedForIsJson() {
        assertThat(View.of("")).isEqualTo(View.JSON);
        assertThat(View.of("*/*")).isEqualTo(View.JSON);
        assertThat(View.of("application/json, */*")).isEqualTo(View.JSON);
    }

    @Test
    void protobufFallsBackToWhatIsNamedNext() {
        assertThat(View.of("application/vnd.kubernetes.protobuf,application/json"))
                .isEqualTo(View.JSON);
        assertThatThrownBy(() -> View.of("application/vnd.kubernetes.protobuf"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("application/json");
    }

    @Test
    void aTableAsKubectlAsksForIt() {
        View view = View.of("application/json;as=Table;v=v1;g=meta.k8s.io,"
                + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json");
        assertThat(view).isEqualTo(new View(View.Format.JSON, View.Shape.TABLE, "v1"));
    }

    @Test
    void anUnknownFormIsPassedOver() {
        assertThat(View.of("application/json;as=Chart;v=v1;g=meta.k8s.io,application/json"))
                .isEqualTo(View.JSON);
    }

    @Test
    void theMostWantedComesFirst() {
        assertThat(View.of("application/json;q=0.1, application/yaml;q=0.9").format())
                .isEqualTo(View.Format.YAML);
    }
}
