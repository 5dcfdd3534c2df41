package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files were written by OpenSSL. */
final class KeysTest {

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs1.pem, rsa-pkcs1.pub",
        "rsa-pkcs1.pem, rsa-pkcs1.old.pub",
        "rsa-pkcs8.pem, rsa-pkcs8.pub",
        "curve-pkcs8.pem, curve-pkcs8.pub",
        "curve-with-parameters.pem, curve-with-parameters.pub"
    })
    void everyFormIsReadAndItsPublicHalfFound(String privateFile, String publicFile) throws Exception {
        var shown = Keys.readPublic(file(publicFile));
        assertThat(Keys.publicHalf(Keys.read(file(privateFile)))).isEqualTo(shown);
        assertThat(Keys.readPublic(file(privateFile))).isEqualTo(shown);
    }

    @RepeatedTest(20)
    void aFreshKeySurvivesItsFileAndFindsItsPublicHalf() throws Exception {
        KeyPair pair = Keys.newPair();
        var again = Keys.read(Keys.pem(pair.getPrivate()));
        assertThat(again).isEqualTo(pair.getPrivate());
        assertThat(Keys.publicHalf(again)).isEqualTo(pair.getPublic());
        var named = (ECPrivateKey) Keys.read(Keys.named(again, pair.getPublic()));
        assertThat(named.getS()).isEqualTo(((ECPrivateKey) again).getS());
    }

    @Test
    void aKeyOfAnotherAlgorithmSigns() throws Exception {
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(Keys.read(file("edwards.pem")));
        assertThat(signature.sign()).hasSize(64);
        assertThatThrownBy(() -> Keys.readPublic(file("edwards.pem"))).isInstanceOf(IOException.class);
    }

    @Test
    void whatCannotBeReadSaysWhy() {
        assertThatThrownBy(() -> Keys.read(file("rsa-pkcs1.pub"))).hasMessage("no private key in the PEM text");
        assertThatThrownBy(() -> Keys.read(file("encrypted.pem"))).hasMessageContaining("encrypted");
        assertThatThrownBy(() -> Keys.read(block("PRIVATE KEY", "MAoCAQA=")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends in the middle");
        assertThatThrownBy(() -> Keys.read(block("PRIVATE KEY", "MAMCAQA=")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("algorithm is none of");
        assertThatThrownBy(() -> Keys.read(block("PRIVATE KEY", "MAMCAQ=A")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("torn");
        assertThatThrownBy(() -> Keys.read(block("EC PRIVATE KEY", "MAMCAQA=")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name its curve");
    }

    private static byte[] block(String label, String content) {
        return ("-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream file = KeysTest.class.getResourceAsStream("/keys/" + name)) {
            assertThat(file).as(name).isNotNull();
            return file.readAllBytes();
        }
    }
}
