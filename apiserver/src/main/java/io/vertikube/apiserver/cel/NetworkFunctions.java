package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.format.Addresses;
import io.vertikube.apiserver.format.Addresses.Range;
import io.vertikube.apiserver.format.Formats;
import io.vertikube.apiserver.format.IpAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Kubernetes' functions on addresses, ranges and URLs; no name is ever looked up. Pure functions. */
final class NetworkFunctions {

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;

    private NetworkFunctions() {}

    static List<Function> all() {
        List<Function> all = new ArrayList<>();
        all.add(Function.global("ip", "string_to_ip", Types.IP, List.of(TEXT), a -> ip((String) a[0])));
        all.add(Function.global(
                "isIP",
                "is_ip",
                BOOL,
                List.of(TEXT),
                a -> Addresses.parse((String) a[0]).isPresent()));
        all.add(Function.global("ip.isCanonical", "ip_is_canonical", BOOL, List.of(TEXT), a -> {
            String text = (String) a[0];
            return ip(text).toString().equals(text);
        }));
        all.add(Function.member(
                "family", "ip_family", SimpleType.INT, List.of(Types.IP), a -> (long) ((IpAddress) a[0]).family()));
        all.add(test("isUnspecified", IpAddress::isUnspecified));
        all.add(test("isLoopback", IpAddress::isLoopback));
        all.add(test("isLinkLocalMulticast", IpAddress::isLinkLocalMulticast));
        all.add(test("isLinkLocalUnicast", IpAddress::isLinkLocalUnicast));
        all.add(test("isGlobalUnicast", IpAddress::isGlobalUnicast));
        all.add(Function.global("string", "ip_to_string", TEXT, List.of(Types.IP), a -> a[0].toString()));
        all.addAll(ranges());
        all.addAll(urls());
        return all;
    }

    private static Function test(String name, Predicate<IpAddress> test) {
        return Function.member(name, "ip_" + name, BOOL, List.of(Types.IP), a -> test.test((IpAddress) a[0]));
    }

    private static IpAddress ip(String text) {
        return Addresses.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "IP Address \"" + text + "\" parse error during conversion from string"));
    }

    private static List<Function> ranges() {
        return List.of(
                Function.global("cidr", "string_to_cidr", Types.CIDR, List.of(TEXT), a -> range((String) a[0])),
                Function.global(
                        "isCIDR",
                        "is_cidr",
                        BOOL,
                        List.of(TEXT),
                        a -> Addresses.parseCidr((String) a[0]).isPresent()),
                Function.member(
                        "containsIP",
                        "cidr_contains_ip",
                        BOOL,
                        List.of(Types.CIDR, Types.IP),
                        a -> contains((Range) a[0], (IpAddress) a[1], 0)),
                Function.member(
                        "containsIP",
                        "cidr_contains_ip_string",
                        BOOL,
                        List.of(Types.CIDR, TEXT),
                        a -> contains((Range) a[0], ip((String) a[1]), 0)),
                Function.member(
                        "containsCIDR",
                        "cidr_contains_cidr",
                        BOOL,
                        List.of(Types.CIDR, Types.CIDR),
                        a -> contains((Range) a[0], ((Range) a[1]).address(), ((Range) a[1]).prefix())),
                Function.member("containsCIDR", "cidr_contains_cidr_string", BOOL, List.of(Types.CIDR, TEXT), a -> {
                    Range inner = range((String) a[1]);
                    return contains((Range) a[0], inner.address(), inner.prefix());
                }),
                Function.member("ip", "cidr_ip", Types.IP, List.of(Types.CIDR), a -> ((Range) a[0]).address()),
                Function.member("masked", "cidr_masked", Types.CIDR, List.of(Types.CIDR), a -> {
                    Range range = (Range) a[0];
                    return new Range(range.address().masked(range.prefix()), range.prefix());
                }),
                Function.member("prefixLength", "cidr_prefix_length", SimpleType.INT, List.of(Types.CIDR), a ->
                        (long) ((Range) a[0]).prefix()),
                Function.global("string", "cidr_to_string", TEXT, List.of(Types.CIDR), a -> a[0].toString()));
    }

    private static Range range(String text) {
        return Addresses.parseCidr(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "network address parse error during conversion from string: " + text));
    }

    /** @param prefix how long the inner range's prefix is; 0 for a single address */
    private static boolean contains(Range outer, IpAddress inner, int prefix) {
        boolean narrower = prefix == 0 ? true : prefix >= outer.prefix();
        return inner.bits() == outer.address().bits()
                && narrower
                && inner.masked(outer.prefix()).equals(outer.address().masked(outer.prefix()));
    }

    private static List<Function> urls() {
        CelType query = MapType.create(TEXT, ListType.create(TEXT));
        return List.of(
                Function.global("url", "string_to_url", Types.URL, List.of(TEXT), a -> url((String) a[0])),
                Function.global("isURL", "is_url", BOOL, List.of(TEXT), a -> Formats.isUri((String) a[0])),
                Function.member(
                        "getScheme",
                        "url_scheme",
                        TEXT,
                        List.of(Types.URL),
                        a -> Objects.requireNonNullElse(((URI) a[0]).getScheme(), "")),
                Function.member(
                        "getHost",
                        "url_host",
                        TEXT,
                        List.of(Types.URL),
                        a -> Objects.requireNonNullElse(((URI) a[0]).getRawAuthority(), "")),
                Function.member("getHostname", "url_hostname", TEXT, List.of(Types.URL), a -> {
                    String host = Objects.requireNonNullElse(((URI) a[0]).getHost(), "");
                    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
                }),
                Function.member("getPort", "url_port", TEXT, List.of(Types.URL), a -> {
                    int port = ((URI) a[0]).getPort();
                    return port < 0 ? "" : Integer.toString(port);
                }),
                Function.member(
                        "getEscapedPath",
                        "url_path",
                        TEXT,
                        List.of(Types.URL),
                        a -> Objects.requireNonNullElse(((URI) a[0]).getRawPath(), "")),
                Function.member("getQuery", "url_query", query, List.of(Types.URL), a -> query((URI) a[0])));
    }

    private static URI url(String text) {
        if (!Formats.isUri(text)) {
            throw new IllegalArgumentException(
                    "URL parse error during conversion from string: parse \"" + text + "\": invalid URI for request");
        }
        return URI.create(text);
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String raw = Objects.requireNonNullElse(url.getRawQuery(), "");
        for (String part : raw.isEmpty() ? new String[0] : raw.split("&")) {
            int equals = part.indexOf('=');
            String key = URLDecoder.decode(equals < 0 ? part : part.substring(0, equals), StandardCharsets.UTF_8);
            String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            query.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
        }
        return query;
    }
}
