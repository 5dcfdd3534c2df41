package io.vertikube.apiserver.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.ApiException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which form is chosen: from an endpoint of built-in objects, of custom objects, and of none that can be shown otherwise. */
class ViewTest {

    private static final String META = ";g=meta.k8s.io;v=";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                          | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            */*                                                         | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            application/*                                               | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            application/json, */*                                       | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            */*, application/yaml                                       | YAML OBJECT            | YAML OBJECT            | YAML OBJECT
            application/json;q=0.1, application/yaml;q=0.9              | YAML OBJECT            | YAML OBJECT            | YAML OBJECT
            application/json;q=0, */*;q=0.1                             | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            application/json;q=x                                        | 406                    | 406                    | 406
            text/html                                                   | 406                    | 406                    | 406
            text/html, application/xhtml+xml, */*;q=0.8                 | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            PROTO                                                       | PROTOBUF OBJECT        | 406                    | 406
            PROTO,application/json                                      | PROTOBUF OBJECT        | JSON OBJECT            | JSON OBJECT
            PROTO;q=0.5,application/json                                | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            PROTO;as=Table;META;v=v1,application/json                   | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            PROTO;as=PartialObjectMetadata;META;v=v1                    | PROTOBUF METADATA      | PROTOBUF METADATA      | 406
            PROTO;as=PartialObjectMetadataList;META;v=v1beta1           | PROTOBUF METADATA_LIST | PROTOBUF METADATA_LIST | 406
            application/json;as=Table;v=v1;META,application/json        | JSON TABLE             | JSON TABLE             | JSON OBJECT
            application/json;META;as=Table;v=v1                         | JSON TABLE             | JSON TABLE             | 406
            application/yaml;as=Table;META;v=v1                         | YAML TABLE             | YAML TABLE             | 406
            application/json;as=Table;META;v=v2                         | 406                    | 406                    | 406
            application/json;as=Table;g=other.k8s.io;v=v1               | 406                    | 406                    | 406
            application/json;as=Chart;META;v=v1,application/json        | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            application/json;as=APIGroupDiscoveryList;g=x;v=v2          | 406                    | 406                    | 406
            application/json;charset=utf-8                              | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            APPLICATION/JSON                                            | JSON OBJECT            | JSON OBJECT            | JSON OBJECT
            """)
    void chosen(String accept, String builtIn, String custom, String review) {
        String header = accept.replace("PROTO", "application/vnd.kubernetes.protobuf")
                .replace(";META;v=", META)
                .replace("META", "g=meta.k8s.io");
        assertThat(view(header, new Offer(true, true))).as(header).isEqualTo(builtIn);
        assertThat(view(header, new Offer(false, true))).as(header).isEqualTo(custom);
        assertThat(view(header, new Offer(false, false))).as(header).isEqualTo(review);
    }

    private static String view(String accept, Offer offer) {
        try {
            View view = View.of(accept, offer);
            return view.format() + " " + view.shape();
        } catch (ApiException e) {
            return Integer.toString(e.code());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/html                                                | JSON
            application/json;as=Table;v=v1;g=meta.k8s.io             | JSON
            application/yaml                                         | YAML
            application/vnd.kubernetes.protobuf,application/json     | PROTOBUF
            application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io | JSON
            """)
    void aRefusalAlwaysArrives(String accept, View.Format format) {
        assertThat(View.orJson(accept).format()).isEqualTo(format);
    }
}
