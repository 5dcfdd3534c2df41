package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The entrance for requests about resources: finds the row of the catalogue, checks that it has the verb, and sends the
 * request on. Runs on the event loop of the call.
 */
public final class ResourceHandler implements Consumer<Call> {

    private static final Map<String, String> ON_COLLECTIONS =
            new TreeMap<>(Map.of("GET", "list", "POST", "create", "DELETE", "deletecollection"));
    private static final Map<String, String> ON_OBJECTS =
            new TreeMap<>(Map.of("GET", "get", "PUT", "update", "PATCH", "patch", "DELETE", "delete"));
    private static final Map<String, String> ON_SUBRESOURCES = new TreeMap<>(
            Map.of("GET", "get", "PUT", "update", "PATCH", "patch", "DELETE", "delete", "POST", "create"));

    private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward", "proxy");

    private final Supplier<Catalog> catalog;
    private final StrategyTable strategies;
    private final ReadHandler reads;
    private final WatchHandler watches;
    private final WriteHandler writes;
    private final ConnectAdmission streams;
    private final ComputedReads computed;

    ResourceHandler(
            Supplier<Catalog> catalog,
            StrategyTable strategies,
            ReadHandler reads,
            WatchHandler watches,
            WriteHandler writes,
            ConnectAdmission streams,
            ComputedReads computed) {
        this.catalog = catalog;
        this.strategies = strategies;
        this.reads = reads;
        this.watches = watches;
        this.writes = writes;
        this.streams = streams;
        this.computed = computed;
    }

    @Override
    public void accept(Call call) {
        RequestInfo info = call.info();
        ResourceType type = catalog.get()
                .byResource(info.group(), info.version(), info.resource())
                .orElseThrow(ApiErrors::noSuchResource);
        checkScope(type, info);
        String warning = strategies.of(type).requestWarning();
        if (!warning.isEmpty()) {
            call.warn(warning);
        }
        if (!info.subresource().isEmpty()) {
            subresource(call, type);
            return;
        }
        if (!info.remainder().isEmpty()) {
            throw ApiErrors.noSuchResource();
        }
        if (call.method().equals("HEAD") || !isServed(type, info)) {
            boolean collection = info.name().isEmpty() || concernsMany(info);
            throw notAllowed(call, type.verbs(), collection ? ON_COLLECTIONS : ON_OBJECTS);
        }
        Strategy strategy = strategies.of(type);
        switch (info.verb()) {
            case "get" -> {
                if (computed.has(type)) {
                    computed.get(call, type);
                } else {
                    reads.get(call, type);
                }
            }
            case "list" -> {
                if (computed.has(type)) {
                    computed.list(call, type);
                } else {
                    reads.list(call, type, strategy);
                }
            }
            case "watch" -> watches.watch(call, type, strategy);
            default -> writes.accept(call, type, strategy);
        }
    }

    /** A type is served no longer: its watches end. */
    public void gone(ResourceType type) {
        watches.end(type);
    }

    /** A cluster-scoped object is never reached through a namespace, whose readers have other rights (CVE-2019-11247). */
    private static void checkScope(ResourceType type, RequestInfo info) {
        boolean itself = isNamespaceItself(type) && info.namespace().equals(info.name());
        boolean inNamespace = !info.namespace().isEmpty() && !itself;
        if (!type.namespaced() && inNamespace) {
            throw ApiErrors.noSuchResource();
        }
        boolean oneObject = !info.name().isEmpty()
                && !info.verb().equals("list")
                && !info.verb().equals("watch")
                && !info.verb().equals("deletecollection");
        if (type.namespaced() && info.namespace().isEmpty() && oneObject) {
            throw ApiErrors.noSuchResource();
        }
    }

    private static boolean isNamespaceItself(ResourceType type) {
        return type.group().isEmpty() && type.plural().equals("namespaces");
    }

    private static boolean concernsMany(RequestInfo info) {
        return info.verb().equals("list")
                || info.verb().equals("watch")
                || info.verb().equals("deletecollection");
    }

    /** 405, with the methods that the path does know. */
    private static ApiException notAllowed(Call call, Collection<String> verbs, Map<String, String> byMethod) {
        String methods = byMethod.entrySet().stream()
                .filter(method -> verbs.contains(method.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        call.request().response().headers().set("Allow", methods);
        return ApiErrors.methodNotAllowed();
    }

    private static boolean isServed(ResourceType type, RequestInfo info) {
        boolean needsName = info.verb().equals("update")
                || info.verb().equals("patch")
                || info.verb().equals("delete");
        boolean acrossNamespaces = type.namespaced()
                && info.namespace().isEmpty()
                && (info.verb().equals("create") || info.verb().equals("deletecollection"));
        return type.hasVerb(info.verb())
                && !(info.verb().equals("create") && !info.name().isEmpty())
                && !(needsName && info.name().isEmpty())
                && !acrossNamespaces;
    }

    private void subresource(Call call, ResourceType type) {
        RequestInfo info = call.info();
        Subresource subresource = type.subresource(info.subresource()).orElseThrow(ApiErrors::noSuchResource);
        boolean askedOfBackend =
                info.verb().equals("options") && subresource.name().equals("proxy");
        if (!subresource.verbs().contains(info.verb()) && !askedOfBackend) {
            throw notAllowed(call, subresource.verbs(), ON_SUBRESOURCES);
        }
        if (STREAMS.contains(subresource.name())) {
            streams.accept(call, type, subresource);
            return;
        }
        if (!info.remainder().isEmpty()) {
            throw ApiErrors.noSuchResource();
        }
        if (info.verb().equals("get") && !subresource.name().equals("scale")) {
            reads.get(call, type);
        } else {
            writes.acceptSubresource(call, type, strategies.of(type), subresource);
        }
    }
}
