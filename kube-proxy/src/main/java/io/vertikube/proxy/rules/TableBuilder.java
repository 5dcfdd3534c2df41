package io.vertikube.proxy.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects chains and elements while a plan is made; spread chains appear as they are asked for. Confined to one plan. */
final class TableBuilder {

    static final String MASQUERADE_MARK = "meta mark set meta mark | 0x00004000";

    private static final String SERVICE_KEY = "ip daddr . ip protocol . th dport";
    private static final String NODE_PORT_KEY = "ip protocol . th dport";
    private static final String TARGET = "ip daddr . th dport";

    /** The traffic that a spread map serves, and with which key it finds its elements. */
    enum Space {
        /** To an address of a Service. */
        SERVICE("ep", SERVICE_KEY),
        /** To an address of a Service, the endpoints of this node alone. */
        SERVICE_LOCAL("el", SERVICE_KEY),
        /** To a port of the node. */
        NODE_PORT("np", NODE_PORT_KEY),
        /** To a port of the node, the endpoints of this node alone. */
        NODE_PORT_LOCAL("nl", NODE_PORT_KEY);

        private final String prefix;
        private final String key;

        Space(String prefix, String key) {
            this.prefix = prefix;
            this.key = key;
        }
    }

    private record Declaration(boolean map, String type, List<String> options) {}

    private final Map<String, Declaration> declarations = new HashMap<>();
    private final Map<String, Map<String, String>> elements = new HashMap<>();
    private final Map<String, Chain> chains = new HashMap<>();

    void map(String name, String type) {
        declare(name, new Declaration(true, type, List.of()));
    }

    void set(String name, String type, String... options) {
        declare(name, new Declaration(false, type, List.of(options)));
    }

    private void declare(String name, Declaration declaration) {
        declarations.putIfAbsent(name, declaration);
        elements.computeIfAbsent(name, n -> new HashMap<>());
    }

    /** The first to ask for a key has it: two Services that claim one address and port do not mix. */
    boolean add(String set, String key, String value) {
        return element(set).putIfAbsent(key, value) == null;
    }

    void chain(String name, Chain chain) {
        chains.putIfAbsent(name, chain);
    }

    /** The rule that spreads connections over {@code count} elements of the space's map. */
    String spreadRule(Space space, int count) {
        String map = space.prefix + "_" + count;
        map(map, space.key + " . numgen random mod " + count + " : " + TARGET);
        return "dnat ip to " + space.key + " . numgen random mod " + count + " map @" + map;
    }

    /** Adds the endpoints under a key of the space. */
    void spread(Space space, String key, List<Backend> backends) {
        spreadRule(space, backends.size());
        Map<String, String> map = element(space.prefix + "_" + backends.size());
        for (int i = 0; i < backends.size(); i++) {
            map.put(key + " . " + i, backends.get(i).target());
        }
    }

    TableState build() {
        var sets = new TreeMap<String, ElementSet>();
        declarations.forEach((name, d) -> sets.put(name, new ElementSet(d.map, d.type, d.options, element(name))));
        return new TableState(sets, new TreeMap<>(chains));
    }

    private Map<String, String> element(String set) {
        return elements.computeIfAbsent(set, n -> new HashMap<>());
    }
}
