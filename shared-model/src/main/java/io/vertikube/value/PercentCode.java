package io.vertikube.value;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Texts as parts of an address's path (RFC 3986), where, other than in forms, a plus is a plus. Pure functions. */
public final class PercentCode {

    private PercentCode() {}

    /** Slashes are escaped too. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws IllegalArgumentException if an escape is broken */
    public static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
