package io.vertikube.apiserver.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the API reference says of types and fields and no Java model does: defaults, enums, list types and keys, patch
 * keys. One table a group in {@code src/build/facts}. Confined to the build.
 */
final class Facts {

    private final Map<String, Map<String, String>> byPlace = new HashMap<>();
    private final Set<String> unused = new HashSet<>();

    static Facts read(Path folder) throws IOException {
        var facts = new Facts();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        facts.add(file, line);
                    }
                }
            }
        }
        return facts;
    }

    private void add(Path file, String line) {
        String[] columns = line.split("\t");
        if (columns.length != 3) {
            throw new IllegalArgumentException(file + ": a line needs type, field and facts: " + line);
        }
        var facts = new LinkedHashMap<String, String>();
        for (String fact : columns[2].split(" (?=[a-zA-Z]+=)")) {
            int equals = fact.indexOf('=');
            facts.put(fact.substring(0, equals), fact.substring(equals + 1));
        }
        String place = TypeNames.ofFacts(columns[0]) + "#" + columns[1];
        if (byPlace.put(place, facts) != null) {
            throw new IllegalArgumentException(file + ": a second line for " + columns[0] + " " + columns[1]);
        }
        unused.add(place);
    }

    /** Facts of a field, or with {@code -} of the type itself. */
    Map<String, String> of(String definition, String field) {
        String place = definition + "#" + field;
        unused.remove(place);
        return byPlace.getOrDefault(place, Map.of());
    }

    /** Lines that met no field: a misspelt name, most likely. */
    List<String> unused() {
        return unused.stream().sorted().toList();
    }
}
