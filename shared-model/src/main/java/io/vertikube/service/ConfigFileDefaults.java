package io.vertikube.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for flags out of a YAML file. A key is a flag's name without dashes, or the same words in camel case, as the
 * component configuration files of Kubernetes have them; keys of nested maps count by their last name. A key that is no
 * flag is an error. Immutable.
 */
final class ConfigFileDefaults implements IDefaultValueProvider {

    private static final Set<String> HEADER = Set.of("api-version", "kind");

    private final Map<String, String> values;

    private ConfigFileDefaults(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    static ConfigFileDefaults read(Path file, CommandSpec command) throws IOException {
        JsonNode root = new YAMLMapper().readTree(Files.readAllBytes(file));
        var known = new TreeSet<String>();
        for (OptionSpec option : command.options()) {
            known.add(option.longestName().replaceFirst("^-+", ""));
        }
        if (root != null && command.userObject() instanceof ConfigFileReader reader && reader.reads(root)) {
            return new ConfigFileDefaults(reader.flags(root, known));
        }
        var values = new HashMap<String, String>();
        if (root != null && root.isObject()) {
            collect(root, values);
        } else if (root != null && !root.isMissingNode() && !root.isNull()) {
            throw new IllegalArgumentException(file + ": expected a YAML map of flags");
        }
        HEADER.forEach(values::remove);
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(file + ": unknown setting \"" + key + "\"");
            }
        }
        return new ConfigFileDefaults(values);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        String found = argument instanceof OptionSpec option
                ? values.get(option.longestName().replaceFirst("^-+", ""))
                : null;
        return found == null ? argument.defaultValue() : found;
    }

    private static void collect(JsonNode map, Map<String, String> values) {
        map.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                collect(value, values);
            } else if (value.isArray()) {
                List<String> items = new ArrayList<>();
                value.forEach(item -> items.add(item.asText()));
                values.put(kebab(entry.getKey()), String.join(",", items));
            } else if (!value.isNull()) {
                values.put(kebab(entry.getKey()), value.asText());
            }
        });
    }

    private static String kebab(String key) {
        return key.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }
}
