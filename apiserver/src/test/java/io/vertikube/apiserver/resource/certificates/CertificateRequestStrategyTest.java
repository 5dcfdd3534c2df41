package io.vertikube.apiserver.resource.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked for is a request, and what is issued are certificates. */
final class CertificateRequestStrategyTest {

    private static final CertificateRequestStrategy STRATEGY = new CertificateRequestStrategy();

    private static ObjectNode asking(String pem) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = request.putObject("spec");
        spec.put("signerName", "a.b/c").putArray("usages").add("client auth");
        spec.put("request", base64(pem));
        return request;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String block(String label, String content) {
        return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
    }

    private static List<String> asked(String pem) {
        return STRATEGY.validate(asking(pem)).stream().map(FieldError::detail).toList();
    }

    private static List<String> issued(String pem) {
        ObjectNode request = asking("");
        ObjectNode issued = request.deepCopy();
        Trees.object(issued, "status").put("certificate", base64(pem));
        return STRATEGY.validateStatusUpdate(issued, request).stream()
                .map(FieldError::detail)
                .toList();
    }

    @Test
    void aRequestIsOne() {
        assertThat(asked("words\n" + block("CERTIFICATE REQUEST", EncodingsTest.CURVED)))
                .isEmpty();
        assertThat(asked(block("CERTIFICATE REQUEST", "MIIB"))).containsExactly("asn1: syntax error: data truncated");
        for (String other : List.of(
                "",
                block("CERTIFICATE", EncodingsTest.CERTIFICATE),
                block("CERTIFICATE REQUEST", "no base64!"),
                block("CERTIFICATE", EncodingsTest.CERTIFICATE) + block("CERTIFICATE REQUEST", EncodingsTest.CURVED))) {
            assertThat(asked(other)).containsExactly("PEM block type must be CERTIFICATE REQUEST");
        }
    }

    @Test
    void aCertificateIsOneBeforeItIsIssued() {
        String certificate = block("CERTIFICATE", EncodingsTest.CERTIFICATE);
        assertThat(issued("words before\n" + certificate + certificate)).isEmpty();
        assertThat(issued("x")).containsExactly("must contain at least one CERTIFICATE PEM block");
        assertThat(issued(certificate + block("CERTIFICATE", "MIIB"))).containsExactly("x509: malformed certificate");
        assertThat(issued(certificate + certificate.replace("CERTIFICATE", "PRIVATE KEY")))
                .containsExactly("only CERTIFICATE PEM blocks are allowed, found \"PRIVATE KEY\"");
        assertThat(issued(certificate.replace("-\nM", "-\nProc-Type: 4,ENCRYPTED\n\nM")))
                .containsExactly("no PEM block headers are permitted");
    }
}
