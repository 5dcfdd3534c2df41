package io.vertikube.apiserver.front;

import io.vertikube.object.ApiErrors;
import io.vertikube.value.PercentCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a method and a URL ask for ("API request verbs" and "Resource URIs" in the Kubernetes documentation). Immutable.
 * Unused parts are empty strings.
 *
 * @param resourceRequest whether it is about a resource; discovery, health and the like are not
 * @param path the URL's path as it arrived
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code delete},
 *     {@code deletecollection}; for other paths the lower-case HTTP method
 * @param remainder what follows the subresource, with its leading slash, still percent-encoded: the target of a proxy
 */
public record RequestInfo(
        boolean resourceRequest,
        String path,
        String verb,
        String group,
        String version,
        String namespace,
        String resource,
        String subresource,
        String name,
        String remainder) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");
    private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward", "proxy", "log");

    /** A request whose answer may take as long as it likes, so that it counts against no limit of requests in flight. */
    public boolean longRunning() {
        return verb.equals("watch") || (!subresource.isEmpty() && STREAMS.contains(subresource));
    }

    /** Whether it only reads. */
    public boolean readOnly() {
        return switch (verb) {
            case "get", "list", "watch", "head", "options" -> true;
            default -> false;
        };
    }

    /**
     * Reads method and path.
     *
     * @throws io.vertikube.object.ApiException 404 for a path whose segments cannot be names, and for namespaces below a namespace
     */
    public static RequestInfo of(String method, String path, Query query) {
        List<String> raw = segments(path);
        List<String> parts = decode(raw);
        int at;
        String group;
        if (parts.size() >= 3 && parts.getFirst().equals("api")) {
            group = "";
            at = 1;
        } else if (parts.size() >= 4 && parts.getFirst().equals("apis")) {
            group = parts.get(1);
            at = 2;
        } else {
            return new RequestInfo(false, path, method.toLowerCase(Locale.ROOT), "", "", "", "", "", "", "");
        }
        String version = parts.get(at++);
        boolean legacyWatch = parts.get(at).equals("watch") && parts.size() > at + 1;
        if (legacyWatch) {
            at++;
        }
        String namespace = "";
        if (parts.get(at).equals("namespaces") && parts.size() > at + 1) {
            namespace = parts.get(at + 1);
            if (parts.size() > at + 2 && !NAMESPACE_SUBRESOURCES.contains(parts.get(at + 2))) {
                at += 2;
                if (group.isEmpty() && parts.get(at).equals("namespaces")) {
                    // Or who may do everything in one namespace could do it to all others (CVE-2019-11247).
                    throw ApiErrors.noSuchResource();
                }
            }
        }
        String resource = parts.get(at);
        String name = at + 1 < parts.size() ? parts.get(at + 1) : "";
        String subresource = at + 2 < parts.size() ? parts.get(at + 2) : "";
        String remainder = remainder(raw, path, at + 3);
        String verb = legacyWatch ? "watch" : verb(method, name, query);
        if (name.isEmpty()) {
            name = selectedName(verb, query);
        }
        return new RequestInfo(true, path, verb, group, version, namespace, resource, subresource, name, remainder);
    }

    private static String verb(String method, String name, Query query) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            case "GET", "HEAD" -> !name.isEmpty() ? "get" : query.flag("watch") ? "watch" : "list";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }

    /** A list of one name is authorized as a read of that name. */
    private static String selectedName(String verb, Query query) {
        if (verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection")) {
            for (String term : query.text("fieldSelector").split(",")) {
                if (term.startsWith("metadata.name=")) {
                    String value = term.substring("metadata.name=".length());
                    return value.startsWith("=") ? value.substring(1) : value;
                }
            }
        }
        return "";
    }

    private static List<String> segments(String path) {
        var parts = new ArrayList<String>();
        for (String part : path.split("/")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static List<String> decode(List<String> raw) {
        var parts = new ArrayList<String>(raw.size());
        boolean proxied = false;
        for (String part : raw) {
            if (proxied || part.indexOf('%') < 0) {
                parts.add(part);
            } else {
                parts.add(decode(part));
            }
            String last = parts.getLast();
            if (!proxied && (last.equals(".") || last.equals("..") || last.indexOf('/') >= 0)) {
                throw ApiErrors.noSuchResource();
            }
            proxied |= part.equals("proxy") && parts.size() > 4;
        }
        return parts;
    }

    private static String decode(String part) {
        try {
            return PercentCode.decode(part);
        } catch (IllegalArgumentException e) {
            throw ApiErrors.badRequest("the path holds a broken percent escape: " + part);
        }
    }

    private static String remainder(List<String> raw, String path, int from) {
        if (from > raw.size()) {
            return "";
        }
        var text = new StringBuilder();
        for (int i = from; i < raw.size(); i++) {
            text.append('/').append(raw.get(i));
        }
        if (path.endsWith("/")) {
            text.append('/');
        }
        return text.toString();
    }
}
