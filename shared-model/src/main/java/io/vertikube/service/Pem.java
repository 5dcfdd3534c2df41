package io.vertikube.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a PEM text (RFC 7468): what stands between BEGIN and END. Text around blocks is left alone.
 *
 * @param label what the block says that it holds, such as {@code CERTIFICATE}
 */
@SuppressWarnings("ArrayRecordComponent")
record Pem(String label, byte[] content) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Every block, in order. @throws IOException if one is torn */
    static List<Pem> read(byte[] text) throws IOException {
        var blocks = new ArrayList<Pem>();
        Matcher matcher = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            try {
                blocks.add(new Pem(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "the block " + matcher.group(1) + " of the PEM text is torn: " + e.getMessage(), e);
            }
        }
        return blocks;
    }

    byte[] text() {
        String lines = LINES.encodeToString(content);
        return ("-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
