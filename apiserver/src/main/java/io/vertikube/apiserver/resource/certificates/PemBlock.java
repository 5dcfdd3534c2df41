package io.vertikube.apiserver.resource.certificates;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What stands between BEGIN and END of a PEM text (RFC 7468, with the headers of RFC 1421). Immutable.
 *
 * @param label what the block says that it holds, such as {@code CERTIFICATE}
 * @param hasHeaders whether lines such as {@code Proc-Type: 4,ENCRYPTED} stand in it
 * @param base64 what it holds, without line ends
 */
record PemBlock(String label, boolean hasHeaders, String base64) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** The whole blocks of a text, in order; what stands around them or is no base64 is passed over. One pass over the lines. */
    static List<PemBlock> in(String text) {
        var blocks = new ArrayList<PemBlock>();
        String label = "";
        boolean headers = false;
        var content = new StringBuilder();
        for (String line : text.lines().map(String::stripTrailing).toList()) {
            if (isMark(line, BEGIN)) {
                label = labelOf(line, BEGIN);
                headers = false;
                content.setLength(0);
            } else if (isMark(line, END)) {
                if (!label.isEmpty() && label.equals(labelOf(line, END)) && isBase64(content.toString())) {
                    blocks.add(new PemBlock(label, headers, content.toString()));
                }
                label = "";
            } else if (line.contains(":")) {
                headers = true;
            } else if (!label.isEmpty()) {
                content.append(line.strip());
            }
        }
        return blocks;
    }

    /** What it holds, decoded. */
    byte[] content() {
        return Base64.getDecoder().decode(base64);
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isMark(String line, String begin) {
        return line.startsWith(begin) && line.endsWith(DASHES) && line.length() > begin.length() + DASHES.length();
    }

    private static String labelOf(String line, String begin) {
        return line.substring(begin.length(), line.length() - DASHES.length());
    }
}
