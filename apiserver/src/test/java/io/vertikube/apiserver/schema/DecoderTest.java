package io.vertikube.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DecoderTest {

    private static final Gvk POD = new Gvk("", "v1", "Pod");
    private static final BuiltInSchemas SCHEMAS = BuiltInSchemas.load();

    private final Decoder decoder = new Decoder(SCHEMAS);

    private Decoded json(String body) {
        return decoder.decode(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "application/json", POD);
    }

    private Decoded yaml(String body) {
        return decoder.decode(body.getBytes(StandardCharsets.UTF_8), "application/yaml; charset=utf-8", POD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':[]} | cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec",
                "{'spec':{'terminationGracePeriodSeconds':'x'}} | cannot unmarshal string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
                "{'spec':{'priority':3000000000}} | cannot unmarshal number 3000000000 into Go struct field PodSpec.spec.priority of type int32",
                "{'spec':{'priority':1.5}} | cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32",
                "{'spec':{'hostNetwork':'true'}} | cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
                "{'spec':{'containers':{}}} | cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
                "{'spec':{'containers':['a']}} | cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container",
                "{'spec':{'containers':[{'command':[1]}]}} | cannot unmarshal number into Go struct field Container.spec.containers.command of type string",
                "{'metadata':{'labels':{'a':1}}} | cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
                "{'metadata':{'creationTimestamp':'now'}} | parsing time \"now\"",
                "{'spec':{'containers':[{'resources':{'limits':{'cpu':'1 apple'}}}]}} | quantities must match the regular expression",
                "{'kind':'Service'} | Service in version \"v1\" cannot be handled as a Pod",
                "{'apiVersion':'apps/v1'} | the API version in the data (apps/v1) does not match the expected API version (v1)",
                "{'apiVersion':'v1', | the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input ({\"apiVersion\":\"v1\",)",
                "{'a':1}} | json parse error",
                "[1] | the body is no object but array",
                "`` | unexpected end of JSON input",
            })
    void whatIsNoPodIsRefusedWithTheFieldAndTheReason(String body, String sentence) {
        assertThatThrownBy(() -> json(body))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400))
                .hasMessageContaining(sentence);
    }

    @Test
    void unknownAndDuplicateFieldsAreDroppedAndNamed() {
        Decoded pod = json("{'metadata':{'name':'a','name':'b','nope':1},"
                + "'spec':{'containers':[{'name':'c','imagee':'x'}],'foo':{'bar':1}}}");
        assertThat(pod.strictErrors())
                .containsExactly(
                        "duplicate field \"metadata.name\"",
                        "unknown field \"metadata.nope\"",
                        "unknown field \"spec.containers[0].imagee\"",
                        "unknown field \"spec.foo\"");
        assertThat(pod.object())
                .hasToString("{\"metadata\":{\"name\":\"b\"},\"spec\":{\"containers\":[{\"name\":\"c\"}]},"
                        + "\"apiVersion\":\"v1\",\"kind\":\"Pod\"}");
        assertThatThrownBy(() -> pod.refuseStrict(POD))
                .hasMessage("Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: duplicate field "
                        + "\"metadata.name\", unknown field \"metadata.nope\", unknown field "
                        + "\"spec.containers[0].imagee\", unknown field \"spec.foo\"");
    }

    @Test
    void valuesComeOutInTheFormThatIsStored() {
        ObjectNode pod = json("{'metadata':{'creationTimestamp':'2026-01-02T03:04:05.678+02:00','labels':{'a':null},"
                        + "'annotations':null},'spec':{'containers':[{'name':'c','resources':{'limits':"
                        + "{'cpu':0.5,'memory':'1024Mi'}},'livenessProbe':{'httpGet':{'port':'web'}}}]}}")
                .object();
        assertThat(pod.at("/metadata/creationTimestamp").asText()).isEqualTo("2026-01-02T01:04:05Z");
        assertThat(pod.at("/metadata/labels/a").asText("?")).isEmpty();
        assertThat(pod.at("/metadata/annotations").isMissingNode()).isTrue();
        assertThat(pod.at("/spec/containers/0/resources/limits")).hasToString("{\"cpu\":\"500m\",\"memory\":\"1Gi\"}");
        assertThat(pod.at("/spec/containers/0/livenessProbe/httpGet/port").asText())
                .isEqualTo("web");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-28T23:59:59Z, 2026-02-28T23:59:59Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "2026-12-31T10:00:00Z, 2026-12-31T10:00:00Z",
        "2026-12-31T10:00:00-02:30, 2026-12-31T12:30:00Z",
        "2026-02-29T00:00:00Z,",
        "2026-13-01T00:00:00Z,",
        "2026-00-01T00:00:00Z,",
        "2026-01-00T00:00:00Z,",
        "2026-01-01T24:00:00Z,",
        "2026-01-01T00:60:00Z,",
        "2026-01-01T00:00:60Z,",
        "2026-01-01 00:00:00Z,",
        "2026-01-01T00:00:00z,",
        "2026-01-01T00:00:0aZ,",
        "2026-01-01T00:00Z,",
        "2026-01-01T00:00:00+02:00:00,",
        "+12026-01-01T00:00:00Z,",
    })
    void timesAreStoredInUtcOrRefused(String text, @Nullable String stored) {
        String body = "{'metadata':{'creationTimestamp':'" + text + "'}}";
        if (stored == null) {
            assertThatThrownBy(() -> json(body)).hasMessageContaining("parsing time \"" + text + "\"");
        } else {
            assertThat(json(body).object().at("/metadata/creationTimestamp").asText())
                    .isEqualTo(stored);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05.5Z, 2026-01-02T03:04:05.500000Z",
        "2026-01-02T03:04:05.123456Z, 2026-01-02T03:04:05.123456Z",
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000000Z",
    })
    void leaseTimesKeepTheirMicroseconds(String text, String stored) {
        ObjectNode lease = decoder.decode(
                        ("{\"spec\":{\"renewTime\":\"" + text + "\"}}").getBytes(StandardCharsets.UTF_8),
                        "application/json",
                        new Gvk("coordination.k8s.io", "v1", "Lease"))
                .object();
        assertThat(lease.at("/spec/renewTime").asText()).isEqualTo(stored);
    }

    @Test
    void secretsMustBeBase64() {
        Gvk secret = new Gvk("", "v1", "Secret");
        byte[] bad = "{\"data\":{\"a\":\"%%\"}}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> decoder.decode(bad, "application/json", secret))
                .hasMessageContaining("illegal base64 data at input byte ");
    }

    @Test
    void whateverAnyVersionsOptionsSayOfThemselvesIsTaken() {
        Gvk options = new Gvk("", "v1", "DeleteOptions");
        byte[] body = "{\"apiVersion\":\"policy/v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.decode(body, "application/json", options).strictErrors())
                .isEmpty();
    }

    @Test
    void yamlReadsAsManifestsAreWritten() {
        ObjectNode pod = yaml("""
                        metadata: {name: p, labels: {a: "1", time: 12:30}}
                        spec:
                          hostNetwork: yes
                          priority: 0x10
                          volumes:
                          - &shared {name: v, secret: {defaultMode: 0644}}
                          - {<<: *shared, name: w}
                          containers: []
                        ---
                        ignored: true
                        """).object();
        assertThat(pod.at("/metadata/labels")).hasToString("{\"a\":\"1\",\"time\":\"12:30\"}");
        assertThat(pod.at("/spec/hostNetwork").booleanValue()).isTrue();
        assertThat(pod.at("/spec/priority").intValue()).isEqualTo(16);
        assertThat(pod.at("/spec/volumes"))
                .hasToString("[{\"name\":\"v\",\"secret\":{\"defaultMode\":420}},"
                        + "{\"name\":\"w\",\"secret\":{\"defaultMode\":420}}]");
    }

    @Test
    void yamlNamesItsDuplicateFields() {
        assertThat(yaml("metadata:\n  name: a\n  name: b\n").strictErrors())
                .containsExactly("duplicate field \"metadata.name\"");
    }

    @ParameterizedTest
    @CsvSource({"\"a: [b\"", "\"a: b: c\"", "\"a: !!java.net.URL [x]\\nb: *nowhere\""})
    void brokenYamlIsRefused(String body) {
        assertThatThrownBy(() -> yaml(body.replace("\"", "").replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
    }

    @Test
    void aBombOfAliasesIsRefusedQuickly() {
        var nested = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            nested.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        var flat = new StringBuilder("a: &a {b: c}\nspec:\n");
        for (int i = 0; i < 100_000; i++) {
            flat.append(" k" + i + ": *a\n");
        }
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> {
            assertThatThrownBy(() -> yaml(nested.toString())).hasMessageContaining("excessive aliasing");
            assertThatThrownBy(() -> yaml(flat.toString())).hasMessageContaining("aliases");
            assertThatThrownBy(() -> yaml("a: &a [*a]\n")).isInstanceOf(ApiException.class);
        });
    }

    @Test
    void depthAndSizeAreLimited() {
        assertThatThrownBy(() -> json("{'spec':" + "[".repeat(2000) + "]".repeat(2000) + "}"))
                .hasMessageContaining("nested deeper than 500");
        assertThatThrownBy(() -> yaml("spec: " + "[".repeat(2000) + "]".repeat(2000) + "\n"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
        assertThatThrownBy(() -> json(" ".repeat(4 * 1024 * 1024)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(413));
    }

    @Test
    void otherMediaTypesAreRefused() {
        assertThatThrownBy(() -> decoder.decode(new byte[0], "text/csv", POD))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(415))
                .hasMessageContaining("accepted media types include: application/json, application/yaml");
    }
}
