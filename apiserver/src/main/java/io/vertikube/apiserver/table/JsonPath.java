package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The simple form of JSONPath that printer columns are written in: {@code .a.b}, {@code ['a.b']}, {@code [0]}, {@code [*]},
 * {@code [?(@.type=="Ready")]}; a dot in a name is written {@code \.}. A path that is none finds nothing. Immutable.
 */
public record JsonPath(List<Step> steps) {

    /** From one value to those it leads to. */
    sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int index) implements Step {}

        record All() implements Step {}

        record Where(JsonPath path, boolean equal, String value) implements Step {}

        record Nowhere() implements Step {}
    }

    private static final Pattern TOKEN = Pattern.compile(
            "\\.?\\[\\?\\(\\s*@(?<where>(?:\\.[^\\]=!\\s]+|\\['[^']*'\\])+)\\s*(?<op>==|!=)\\s*(?<value>\"[^\"]*\"|'[^']*'|[^)\\s]+)\\s*\\)\\]"
                    + "|\\.?\\[\\s*['\"](?<quoted>[^'\"]*)['\"]\\s*\\]"
                    + "|\\.?\\[(?<index>-?\\d+)\\]"
                    + "|\\.?(?<all>\\[\\*\\]|\\*)"
                    + "|\\.(?<name>(?:\\\\.|[^.\\[\\]\\\\])+)");

    public JsonPath {
        steps = List.copyOf(steps);
    }

    /** Reads a path, with or without braces and a leading {@code $}. */
    public static JsonPath parse(String text) {
        String path = text.strip();
        if (path.startsWith("{") && path.endsWith("}")) {
            path = path.substring(1, path.length() - 1).strip();
        }
        if (path.startsWith("$")) {
            path = path.substring(1);
        }
        List<Step> steps = new ArrayList<>();
        Matcher token = TOKEN.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!token.find(at) || token.start() != at) {
                return new JsonPath(List.of(new Step.Nowhere()));
            }
            steps.add(step(token));
            at = token.end();
        }
        return new JsonPath(steps);
    }

    /** Whether it is a path that can lead anywhere. */
    public boolean isReadable() {
        return steps.stream().noneMatch(step -> step instanceof Step.Nowhere);
    }

    private static Step step(Matcher token) {
        if (token.group("name") != null) {
            return new Step.Field(token.group("name").replaceAll("\\\\(.)", "$1"));
        }
        if (token.group("quoted") != null) {
            return new Step.Field(token.group("quoted"));
        }
        if (token.group("index") != null) {
            String index = token.group("index");
            return index.length() > 9 ? new Step.Nowhere() : new Step.Index(Integer.parseInt(index));
        }
        if (token.group("all") != null) {
            return new Step.All();
        }
        String value = token.group("value").replaceAll("^[\"']|[\"']$", "");
        return new Step.Where(parse(token.group("where")), token.group("op").equals("=="), value);
    }

    /** Everything the path leads to, in order. */
    public List<JsonNode> find(JsonNode root) {
        List<JsonNode> at = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            at.forEach(value -> follow(value, step, next));
            at = next;
        }
        return at;
    }

    private static void follow(JsonNode value, Step step, List<JsonNode> found) {
        switch (step) {
            case Step.Field(String name) -> {
                if (value.has(name)) {
                    found.add(value.get(name));
                }
            }
            case Step.Index(int index) -> {
                JsonNode item = value.path(index < 0 ? value.size() + index : index);
                if (!item.isMissingNode()) {
                    found.add(item);
                }
            }
            case Step.All() -> value.forEach(found::add);
            case Step.Where(JsonPath path, boolean equal, String wanted) ->
                value.forEach(item -> {
                    boolean matches = path.find(item).stream()
                            .anyMatch(v -> v.asText().toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT))
                                    && (v.isBoolean() || v.asText().equals(wanted)));
                    if (matches == equal) {
                        found.add(item);
                    }
                });
            case Step.Nowhere() -> {}
        }
    }
}
