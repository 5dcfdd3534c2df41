package io.vertikube.apiserver.storage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The selectable paths of a type as a tree, so that one pass over the JSON finds them all. Immutable. */
final class FieldTree {

    private static final FieldTree NOTHING = new FieldTree("", Map.of(), Map.of());

    private final String path;
    private final Map<String, FieldTree> children;
    private final Map<String, String> defaults;

    private FieldTree(String path, Map<String, FieldTree> children, Map<String, String> defaults) {
        this.path = path;
        this.children = children;
        this.defaults = defaults;
    }

    /** From paths as {@link FieldPaths} gives them. */
    static FieldTree of(List<String> paths) {
        var defaults = new HashMap<String, String>();
        for (String path : paths) {
            int equals = path.indexOf('=');
            defaults.put(equals < 0 ? path : path.substring(0, equals), equals < 0 ? "" : path.substring(equals + 1));
        }
        FieldTree root = build("", "", defaults);
        return new FieldTree("", root.children, Map.copyOf(defaults));
    }

    private static FieldTree build(String self, String prefix, Map<String, String> defaults) {
        var children = new HashMap<String, FieldTree>();
        for (String path : defaults.keySet()) {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int dot = rest.indexOf('.');
                String name = dot < 0 ? rest : rest.substring(0, dot);
                children.computeIfAbsent(name, n -> build(prefix + n, prefix + n + ".", defaults));
            }
        }
        return new FieldTree(defaults.containsKey(self) ? self : "", Map.copyOf(children), Map.of());
    }

    /** The whole path if it is selectable itself, else empty. */
    String path() {
        return path;
    }

    /** Every path with the value of an absent field. */
    Map<String, String> defaults() {
        return defaults;
    }

    boolean isEmpty() {
        return path.isEmpty() && children.isEmpty();
    }

    FieldTree child(String name) {
        return children.getOrDefault(name, NOTHING);
    }
}
