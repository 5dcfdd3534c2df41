package io.vertikube.apiserver.front;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One media type or range of RFC 9110 with its parameters; {@code q} is kept apart. Immutable. */
public record MediaType(String type, Map<String, String> parameters, double quality) {

    private static final Comparator<MediaType> MOST_WANTED =
            Comparator.comparingDouble(MediaType::quality).reversed().thenComparingInt(MediaType::vagueness);

    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Whether this range covers a type such as {@code application/json}. */
    public boolean covers(String other) {
        return type.equals("*/*")
                || type.equals(other)
                || (type.endsWith("/*") && other.startsWith(type.substring(0, type.length() - 1)));
    }

    /** The header of a body. */
    public static MediaType of(String header) {
        String[] pieces = header.split(";", -1);
        var parameters = new LinkedHashMap<String, String>();
        double quality = 1;
        for (int i = 1; i < pieces.length; i++) {
            int equals = pieces[i].indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = pieces[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = unquote(pieces[i].substring(equals + 1).strip());
            if (name.equals("q")) {
                quality = parsed(value);
            } else {
                parameters.put(name, value);
            }
        }
        return new MediaType(pieces[0].strip().toLowerCase(Locale.ROOT), parameters, quality);
    }

    /** An Accept header's ranges, the most wanted first; of those, the ones that say most; then as they stand. */
    public static List<MediaType> accept(String header) {
        var ranges = new ArrayList<MediaType>();
        for (String range : header.split(",")) {
            if (!range.isBlank()) {
                ranges.add(of(range));
            }
        }
        ranges.removeIf(r -> !(r.quality > 0));
        ranges.sort(MOST_WANTED);
        return ranges;
    }

    /** {@code a/b} says more than {@code a/*}, and that more than {@code *}{@code /*}. */
    private int vagueness() {
        return type.startsWith("*") ? 2 : type.endsWith("/*") ? 1 : 0;
    }

    private static double parsed(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String unquote(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
