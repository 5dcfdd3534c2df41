package io.vertikube.apiserver.resource.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests and certificates as OpenSSL makes them, and what is left of them when something is missing. */
final class EncodingsTest {

    static final String CURVED = "MIHSMHoCAQAwGDEKMAgGA1UEAwwBYTEKMAgGA1UECgwBYjBZMBMGByqGSM49AgEGCCqGSM49AwEH"
            + "A0IABMxW53SQmUfwwDNdIckePYwIsjwluqmEOJ/w0n/G8YWKTZMoeYWWNkqU6Efaxsyx+dQEK4eZ"
            + "toUBcFJeK2fyuZugADAKBggqhkjOPQQDAgNIADBFAiB/AUGoFvLSqjUa8KGtE4J0fRJ7nRHmFUyZ"
            + "BBBceZNdEwIhAJEZiI1EGtDbLYYs1mO71LlzWz5iq7XnRof4S0V7kt48";
    static final String EDWARDS = "MIGLMD8CAQAwDDEKMAgGA1UEAwwBYTAqMAUGAytlcAMhAPoItiprfP0b6JPnBl3xm7NJUPqv0quK"
            + "Z8nKkUrYR/GzoAAwBQYDK2VwA0EAu16ybivLAN5MnO4ywSnmmlR7OgLW6KPpYgyCkvkoOjHY6i99"
            + "go9zY21btqheWuTmgR7KJTiRPTRYNSm2G/rRAA==";
    static final String RSA = "MIIBajCB1AIBADAMMQowCAYDVQQDDAFhMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDOC1yl"
            + "zFMO0W6KqH8b9HedKyDnGmxNqZeWiH/L6qk77MesVAQy/gEKZG1R2kffznLqH9a6rhOGbmtPRpi6"
            + "KXX6ME99TK5cic8AfvayuhhJrCcRTkTd+9ff8o05HYOeu+MdDyjoTDzbM0So7YDW7kBF6r7ZDdEx"
            + "Is3M+dhpL4COcwIDAQABoB8wHQYJKoZIhvcNAQkOMRAwDjAMBgNVHREEBTADggFhMA0GCSqGSIb3"
            + "DQEBCwUAA4GBAB58Tm8SUy98fEb4MGZ98pl38ZQ7nR29I3P13Iv4xgxV72p3Hq4Ls42br4qoR6Ud"
            + "J7vqu8wI9bNQ7cY315pYNF3/RY48Lu6HB+J77A5L+Rti2TJjLcbIw0Ngn7mhQX//JN4xDcGxyTP/"
            + "OWq+X9Au7WLXIIb1MHISCX6Ug8iDAfQN";
    static final String CERTIFICATE = "MIIBbzCCARWgAwIBAgIULNWBoBhpljNDYxCrzip/hnSOne4wCgYIKoZIzj0EAwIwDDEKMAgGA1UE"
            + "AwwBYTAgFw0yNjExMjIwNDE3NTdaGA8yMTI2MTAyOTA0MTc1N1owDDEKMAgGA1UEAwwBYTBZMBMG"
            + "ByqGSM49AgEGCCqGSM49AwEHA0IABMxW53SQmUfwwDNdIckePYwIsjwluqmEOJ/w0n/G8YWKTZMo"
            + "eYWWNkqU6Efaxsyx+dQEK4eZtoUBcFJeK2fyuZujUzBRMB0GA1UdDgQWBBRoJ1CIbQo/Pj1ITnsv"
            + "s+qnjNApeTAfBgNVHSMEGDAWgBRoJ1CIbQo/Pj1ITnsvs+qnjNApeTAPBgNVHRMBAf8EBTADAQH/"
            + "MAoGCCqGSM49BAMCA0gAMEUCID0yWrOCKhPWkYcCAalRs4DfjEJVfpQJVOv4NefmW6AHAiEAyvg7"
            + "q/ocu5Y4tV51wV70EArgz2QyqYIXDYWmz1Jh804=";

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String wrong(byte[] der) {
        return Encodings.wrongRequest(der).orElse("");
    }

    @Test
    void requestsOfEveryKindOfKeyAreRequests() {
        for (String request : List.of(CURVED, EDWARDS, RSA)) {
            assertThat(Encodings.wrongRequest(bytes(request))).isEmpty();
        }
    }

    @Test
    void whatIsNoRequestSaysWhy() {
        byte[] whole = bytes(CURVED);
        assertThat(wrong(Arrays.copyOf(whole, whole.length + 1))).isEqualTo("asn1: syntax error: trailing data");
        assertThat(wrong(bytes("MIIB"))).isEqualTo("asn1: syntax error: data truncated");
        assertThat(wrong(new byte[0])).isEqualTo("asn1: syntax error: data truncated");
        assertThat(wrong(bytes(CERTIFICATE))).startsWith("asn1: structure error: tags don't match");
        assertThat(wrong(new byte[] {0x30, (byte) 0x80, 0, 0})).isEqualTo("asn1: structure error: length too large");
        byte[] noPoint = whole.clone();
        noPoint[60] ^= 1;
        noPoint[70] ^= 1;
        assertThat(wrong(noPoint)).startsWith("asn1: structure error: ");
    }

    /** Whatever is cut or changed is refused or taken, and never breaks anything. */
    @Test
    void noBytesBreakIt() {
        byte[] whole = bytes(RSA);
        for (int i = 0; i < whole.length; i++) {
            assertThat(wrong(Arrays.copyOf(whole, i))).isNotEmpty();
            byte[] other = whole.clone();
            other[i] = (byte) ~other[i];
            Encodings.wrongRequest(other);
            Encodings.wrongCertificates(other);
        }
    }

    @Test
    void certificatesMayStandOneBehindTheOther() {
        byte[] one = bytes(CERTIFICATE);
        byte[] two = Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, two, one.length, one.length);
        assertThat(Encodings.wrongCertificates(one)).isEmpty();
        assertThat(Encodings.wrongCertificates(two)).isEmpty();
        assertThat(Encodings.wrongCertificates(Arrays.copyOf(two, two.length - 9)))
                .contains("x509: malformed certificate");
        assertThat(Encodings.wrongCertificates(bytes(CURVED))).contains("x509: malformed certificate");
        assertThat(Encodings.wrongCertificates(new byte[0]))
                .contains("found CERTIFICATE PEM block containing 0 certificates");
        assertThat(Encodings.wrongCertificates(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)))
                .contains("x509: malformed certificate");
    }
}
