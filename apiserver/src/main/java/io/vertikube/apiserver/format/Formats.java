package io.vertikube.apiserver.format;

import com.google.re2j.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The formats of texts that Kubernetes knows ("format" in the documentation of CustomResourceDefinitions); one that it
 * does not know sets no condition. Patterns are RE2's, so a text costs time in proportion to its length. Pure functions.
 */
public final class Formats {

    private static final Pattern UUID =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
    private static final Pattern MAC =
            Pattern.compile("^([0-9a-fA-F]{2}([:-])?){5,19}[0-9a-fA-F]{2}$|^([0-9a-fA-F]{4}\\.){2,4}[0-9a-fA-F]{4}$");
    private static final Pattern HOSTNAME =
            Pattern.compile("^([a-zA-Z0-9\\p{L}_]([a-zA-Z0-9\\p{L}_-]{0,61}[a-zA-Z0-9\\p{L}_])?)"
                    + "(\\.[a-zA-Z0-9\\p{L}_]([a-zA-Z0-9\\p{L}_-]{0,61}[a-zA-Z0-9\\p{L}_])?)*\\.?$");
    private static final Pattern EMAIL = Pattern.compile(
            "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$");
    private static final Pattern HEX_COLOR = Pattern.compile("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$");
    private static final Pattern RGB_COLOR = Pattern.compile(
            "^rgb\\(\\s*([0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\s*,\\s*([0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\s*,"
                    + "\\s*([0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\s*\\)$");
    private static final Pattern SSN = Pattern.compile("^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$");
    private static final Pattern CARD = Pattern.compile("^[0-9]{12,19}$");
    private static final Pattern OBJECT_ID = Pattern.compile("^[0-9a-fA-F]{24}$");
    private static final Pattern DURATION =
            Pattern.compile("^[+-]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)"
                    + "(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))*)$");
    private static final Pattern LONG_DURATION =
            Pattern.compile("(?i)^([0-9]+)\\s*(ns|nano|nanosecond|nanoseconds|us|\u00b5s"
                    + "|micro|microsecond|microseconds|ms|milli|millisecond|milliseconds|s|sec|second|seconds|m|min|minute|minutes"
                    + "|h|hr|hour|hours|d|day|days|w|wk|week|weeks)$");
    private static final Pattern DNS_LABEL = Pattern.compile("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
    private static final Pattern DNS_SUBDOMAIN =
            Pattern.compile("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");

    private static final Map<String, Predicate<String>> KNOWN = Map.ofEntries(
            Map.entry("date-time", Formats::isDateTime),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("date", Formats::isDate),
            Map.entry(
                    "duration",
                    text -> text.length() <= 256 && (DURATION.matches(text) || LONG_DURATION.matches(text))),
            Map.entry("uuid", UUID::matches),
            Map.entry("uuid3", text -> isUuid(text, '3')),
            Map.entry("uuid4", text -> isUuid(text, '4')),
            Map.entry("uuid5", text -> isUuid(text, '5')),
            Map.entry("ipv4", Formats::isIpv4),
            Map.entry("ipv6", Formats::isIpv6),
            Map.entry("cidr", Formats::isCidr),
            Map.entry("mac", MAC::matches),
            Map.entry("byte", Formats::isBase64),
            Map.entry("email", EMAIL::matches),
            Map.entry("hostname", text -> text.length() <= 255 && HOSTNAME.matches(text)),
            Map.entry("uri", Formats::isUri),
            Map.entry("password", text -> true),
            Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
            Map.entry("isbn10", Formats::isIsbn10),
            Map.entry("isbn13", Formats::isIsbn13),
            Map.entry("creditcard", Formats::isCard),
            Map.entry("ssn", SSN::matches),
            Map.entry("hexcolor", HEX_COLOR::matches),
            Map.entry("rgbcolor", RGB_COLOR::matches),
            Map.entry("bsonobjectid", OBJECT_ID::matches),
            Map.entry("k8s-short-name", text -> text.length() <= 63 && DNS_LABEL.matches(text)),
            Map.entry("k8s-long-name", text -> text.length() <= 253 && DNS_SUBDOMAIN.matches(text)));

    private Formats() {}

    /** Whether a text is of a format; true for formats that nobody knows. */
    public static boolean matches(String format, String text) {
        return Optional.ofNullable(KNOWN.get(format)).map(f -> f.test(text)).orElse(true);
    }

    public static boolean isKnown(String format) {
        return KNOWN.containsKey(format);
    }

    public static boolean isDateTime(String text) {
        try {
            return text.length() <= 64
                    && text.length() > 10
                    && DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.replace(' ', 'T'), OffsetDateTime::from)
                            != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    public static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isUuid(String text, char version) {
        String hex = text.replace("-", "");
        boolean shaped = UUID.matches(text) && hex.charAt(12) == version;
        return shaped && (version == '3' || "89abAB".indexOf(hex.charAt(16)) >= 0);
    }

    public static boolean isIpv4(String text) {
        return Addresses.parse(text).filter(a -> a.family() == 4).isPresent();
    }

    public static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0 && Addresses.parse(text).isPresent();
    }

    public static boolean isCidr(String text) {
        return Addresses.parseCidr(text).isPresent();
    }

    private static boolean isBase64(String text) {
        try {
            String packed = text.replace("\n", "").replace("\r", "");
            byte[] decoded = Base64.getDecoder().decode(packed);
            return packed.length() % 4 == 0 && decoded.length <= packed.length();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    public static boolean isUri(String text) {
        try {
            var uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isIsbn10(String text) {
        String digits = text.replace("-", "").replace(" ", "").toUpperCase(Locale.ROOT);
        if (digits.length() != 10) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            char c = digits.charAt(i);
            int value = i == 9 && c == 'X' ? 10 : c - '0';
            if (value < 0 || value > (i == 9 ? 10 : 9)) {
                return false;
            }
            sum += (i + 1) * value;
        }
        return sum % 11 == 0;
    }

    private static boolean isIsbn13(String text) {
        String digits = text.replace("-", "").replace(" ", "");
        if (digits.length() != 13) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 13; i++) {
            int value = digits.charAt(i) - '0';
            if (value < 0 || value > 9) {
                return false;
            }
            sum += i % 2 == 0 ? value : 3 * value;
        }
        return sum % 10 == 0;
    }

    /** Luhn's check over the digits. */
    private static boolean isCard(String text) {
        String digits = text.replace("-", "").replace(" ", "");
        if (!CARD.matches(digits)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int value = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = value * 2 > 9 ? value * 2 - 9 : value * 2;
            sum += i % 2 == 0 ? value : twice;
        }
        return sum % 10 == 0;
    }
}
