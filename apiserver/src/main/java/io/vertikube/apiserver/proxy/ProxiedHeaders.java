package io.vertikube.apiserver.proxy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers go from one side of a proxy to the other: none that are about one connection (RFC 9110, 7.6.1), and of the
 * client's none that say who it is. Pure.
 */
final class ProxiedHeaders {

    private static final Set<String> ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length");
    private static final Set<String> OF_THE_CLIENT = Set.of("host", "authorization", "expect");
    private static final List<String> IDENTITIES = List.of("impersonate-", "x-remote-", "x-forwarded-", ":");

    /** What a page says about other origins would be believed of the API server. */
    private static final String OTHER_ORIGINS = "access-control-allow-";

    private ProxiedHeaders() {}

    /** What a pod or kubelet is shown of the client's headers. */
    static List<Map.Entry<String, String>> toBackend(Iterable<Map.Entry<String, String>> headers) {
        Set<String> dropped = named(headers);
        var kept = new ArrayList<Map.Entry<String, String>>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!dropped.contains(name)
                    && !OF_THE_CLIENT.contains(name)
                    && IDENTITIES.stream().noneMatch(name::startsWith)) {
                kept.add(header);
            }
        }
        return kept;
    }

    /** What the client is shown of the answer's headers. */
    static List<Map.Entry<String, String>> toClient(Iterable<Map.Entry<String, String>> headers) {
        Set<String> dropped = named(headers);
        var kept = new ArrayList<Map.Entry<String, String>>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!dropped.contains(name) && !name.startsWith(":") && !name.startsWith(OTHER_ORIGINS)) {
                kept.add(header);
            }
        }
        return kept;
    }

    /** Those of one connection, and those that the connection header names. */
    private static Set<String> named(Iterable<Map.Entry<String, String>> headers) {
        var names = new HashSet<>(ONE_CONNECTION);
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase("Connection")) {
                for (String name : header.getValue().split(",")) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
