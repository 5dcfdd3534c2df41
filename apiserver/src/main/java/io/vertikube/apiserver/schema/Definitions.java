package io.vertikube.apiserver.schema;

import io.vertikube.object.Gvk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The OpenAPI definitions that the build made, as bytes by name: one line of JSON each, found through an index. There
 * are two editions of the same names, the bare {@link #structure()} that the server works with and the {@link
 * #documents()} with descriptions for clients. Immutable, safe for any thread.
 */
public final class Definitions {

    private record Span(int from, int length) {}

    private final byte[] lines;
    private final Map<String, Span> spans;
    private final Map<Gvk, String> kinds;

    private Definitions(byte[] lines, Map<String, Span> spans, Map<Gvk, String> kinds) {
        this.lines = lines;
        this.spans = spans;
        this.kinds = kinds;
    }

    /** What the server needs: types, keys, defaults. */
    public static Definitions structure() {
        return read("structure");
    }

    /** What clients are shown. */
    public static Definitions documents() {
        return read("documents");
    }

    private static Definitions read(String edition) {
        var kinds = new HashMap<Gvk, String>();
        for (String line : lines("kinds.tsv")) {
            int kind = line.indexOf('\t');
            int name = line.indexOf('\t', kind + 1);
            kinds.put(Gvk.of(line.substring(0, kind), line.substring(kind + 1, name)), line.substring(name + 1));
        }
        var spans = new HashMap<String, Span>();
        for (String line : lines(edition + ".index")) {
            int from = line.indexOf('\t');
            int length = line.indexOf('\t', from + 1);
            spans.put(
                    line.substring(0, from),
                    new Span(
                            Integer.parseInt(line, from + 1, length, 10),
                            Integer.parseInt(line, length + 1, line.length(), 10)));
        }
        return new Definitions(resource(edition + ".jsonl"), spans, kinds);
    }

    private static List<String> lines(String name) {
        return List.of(new String(resource(name), StandardCharsets.UTF_8).split("\n"));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Definitions.class.getResourceAsStream("/schema/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the schemas are missing from the class path (/schema/" + name
                        + "): build the module with Maven, which writes them");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /schema/" + name, e);
        }
    }

    public boolean has(String name) {
        return spans.containsKey(name);
    }

    /** A hash of everything that the build wrote: it changes when any definition does. */
    public static String stamp() {
        return new String(resource("stamp"), StandardCharsets.UTF_8);
    }

    /** Names of all definitions, sorted. */
    public NavigableSet<String> names() {
        return new TreeSet<>(spans.keySet());
    }

    /** The name of a kind's definition. */
    public Optional<String> ofKind(Gvk type) {
        String own = kinds.get(type);
        // Options, Status and the like belong to every group and version.
        return Optional.ofNullable(own != null ? own : kinds.get(new Gvk("*", "*", type.kind())));
    }

    /** The definition as JSON; the name must be there. */
    public byte[] bytes(String name) {
        Span span = spans.get(name);
        if (span == null) {
            throw new IllegalArgumentException("no built-in schema " + name);
        }
        return Arrays.copyOfRange(lines, span.from(), span.from() + span.length());
    }
}
