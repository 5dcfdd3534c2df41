package io.vertikube.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.TokenIssuer;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.MediaType;
import io.vertikube.apiserver.front.Offer;
import io.vertikube.apiserver.front.View;
import io.vertikube.catalog.Catalog;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Answers discovery paths from documents that are built once for each state of the catalogue. Safe for any event loop. */
public final class DiscoveryHandler implements Consumer<Call> {

    /** The documents that belong to one catalogue. */
    private record Edition(Catalog catalog, Map<String, Page> pages) {}

    /** A document with its ETag. */
    private record Page(Buffer body, String etag) {}

    private static final List<String> PATHS =
            List.of("/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version");

    private final Supplier<Catalog> catalog;
    private final TokenIssuer tokens;
    private final String address;
    private volatile Edition edition = new Edition(Catalog.builtIn(), new ConcurrentHashMap<>());

    /** @param address where other machines reach this server, {@code host:port} */
    public DiscoveryHandler(Supplier<Catalog> catalog, TokenIssuer tokens, String address) {
        this.catalog = catalog;
        this.tokens = tokens;
        this.address = address;
    }

    /** Whether a path is answered here. */
    public static boolean answers(String path) {
        return path.equals("/")
                || path.equals("/api")
                || path.equals("/apis")
                || path.equals("/version")
                || path.startsWith("/api/")
                || path.startsWith("/apis/")
                || path.startsWith("/.well-known/")
                || path.startsWith("/openid/");
    }

    @Override
    public void accept(Call call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            call.request().response().headers().set("Allow", "GET");
            throw ApiErrors.methodNotAllowed();
        }
        String path = trimmed(call.info().path());
        String form = path.equals("/api") || path.equals("/apis") ? aggregatedForm(call) : "";
        if (!form.isEmpty()) {
            Page page = page(path + "?" + form, now -> AggregatedDiscovery.document(now, path.equals("/api"), form));
            send(call, page, "application/json;g=apidiscovery.k8s.io;v=" + form + ";as=APIGroupDiscoveryList");
            return;
        }
        boolean ofKind = path.startsWith("/api");
        View view = ofKind ? call.view(Offer.STATUS) : View.JSON;
        Page page = page(path, now -> document(now, path));
        if (view.isPlainJson()) {
            send(call, page, Answer.JSON);
        } else {
            ObjectNode tree = (ObjectNode) Json.tree(page.body().getBytes());
            if (!tree.has("apiVersion")) {
                tree.put("apiVersion", "v1");
            }
            call.answer(Answer.tree(200, tree, view).with("Vary", "Accept"));
        }
    }

    private JsonNode document(Catalog now, String path) {
        return switch (path) {
            case "/" -> paths(now);
            case "/version" -> ServerVersion.tree();
            case "/api" -> ResourceLists.coreVersions(address);
            case "/apis" -> ResourceLists.groupList(now);
            case "/openid/v1/jwks" -> Json.mapper().valueToTree(tokens.jwks());
            case "/.well-known/openid-configuration" ->
                Json.mapper().valueToTree(tokens.discovery("https://" + address + "/openid/v1/jwks"));
            default -> groupOrVersion(now, path);
        };
    }

    private static JsonNode groupOrVersion(Catalog now, String path) {
        String[] parts = path.substring(1).split("/");
        ObjectNode found;
        if (parts.length == 2 && parts[0].equals("api")) {
            found = ResourceLists.resourceList(now, "", parts[1]);
        } else if (parts.length == 2 && parts[0].equals("apis")) {
            found = ResourceLists.group(now, parts[1]);
        } else if (parts.length == 3 && parts[0].equals("apis")) {
            found = ResourceLists.resourceList(now, parts[1], parts[2]);
        } else {
            throw ApiErrors.noSuchResource();
        }
        if (found.path("resources").isEmpty() && found.path("versions").isEmpty()) {
            throw ApiErrors.noSuchResource();
        }
        return found;
    }

    private static ObjectNode paths(Catalog now) {
        var all = new TreeSet<>(PATHS);
        all.add("/api");
        all.add("/api/v1");
        all.add("/apis");
        ResourceLists.versionsByGroup(now).forEach((group, versions) -> {
            if (!group.isEmpty()) {
                all.add("/apis/" + group);
                versions.forEach(v -> all.add("/apis/" + group + "/" + v));
            }
        });
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode list = tree.putArray("paths");
        all.forEach(list::add);
        return tree;
    }

    private Page page(String name, java.util.function.Function<Catalog, JsonNode> make) {
        Catalog now = catalog.get();
        Edition current = edition;
        if (current.catalog() != now) {
            current = new Edition(now, new ConcurrentHashMap<>());
            edition = current;
        }
        Page known = current.pages().get(name);
        if (known == null) {
            byte[] body = Json.bytes(make.apply(now));
            known = new Page(Buffer.buffer(body).appendByte((byte) '\n'), etag(body));
            current.pages().put(name, known);
        }
        return known;
    }

    private static void send(Call call, Page page, String contentType) {
        if (call.header("If-None-Match").equals(page.etag())) {
            call.answer(new Answer(304, contentType, Buffer.buffer(), List.of()).with("ETag", page.etag()));
        } else {
            call.answer(new Answer(200, contentType, page.body().copy(), List.of())
                    .with("ETag", page.etag())
                    .with("Vary", "Accept"));
        }
    }

    private static String etag(byte[] body) {
        try {
            return '"'
                    + HexFormat.of()
                            .withUpperCase()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code v2}, {@code v2beta1}, or empty for the old form: whichever the client names first. */
    private static String aggregatedForm(Call call) {
        for (MediaType range : MediaType.accept(call.header("Accept"))) {
            if (!range.covers("application/json")) {
                continue;
            }
            if (range.parameter("as").isEmpty()) {
                return "";
            }
            String version = range.parameter("v");
            if (range.parameter("g").equals("apidiscovery.k8s.io")
                    && range.parameter("as").equals("APIGroupDiscoveryList")
                    && (version.equals("v2") || version.equals("v2beta1"))) {
                return version;
            }
        }
        return "";
    }

    private static String trimmed(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
