package io.vertikube.apiserver.resource.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PemBlockTest {

    @Test
    void blocksAreFoundAmongWords() {
        assertThat(PemBlock.in("words\n" + block("CERTIFICATE", "QUJD") + "more\r\n"
                        + block("X509 CRL", "Proc-Type: 4\n\nQUJD").replace("\n", "\r\n")))
                .containsExactly(new PemBlock("CERTIFICATE", false, "QUJD"), new PemBlock("X509 CRL", true, "QUJD"));
    }

    @Test
    void whatIsNotWholeIsNoBlock() {
        for (String text : List.of(
                "",
                "-----BEGIN A-----\n",
                "-----BEGIN A-----\nQUJD\n-----END B-----\n",
                "-----END A-----\n",
                "-----BEGIN -----\n-----END -----\n",
                "-----BEGIN A-----\nQ.JD\n-----END A-----\n",
                "x-----BEGIN A-----\n-----END A-----\n")) {
            assertThat(PemBlock.in(text)).as(text).isEmpty();
        }
        assertThat(PemBlock.in("-----BEGIN A-----\nb: c\n" + block("D", "QUJD")))
                .containsExactly(new PemBlock("D", false, "QUJD"));
    }

    /** A megabyte of beginnings without an end is one pass, not one for each of them. */
    @Test
    void manyBeginningsAreOnePass() {
        assertThat(PemBlock.in("-----BEGIN A-----\n".repeat(200_000))).isEmpty();
    }

    private static String block(String label, String content) {
        return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
    }
}
