package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is stored under a prefix, parsed once an object and revision. {@link #read} gives the same map again as long as
 * nothing under the prefix changed, so that whoever builds on it can tell. Safe for any thread.
 */
public final class ParsedObjects<T> {

    private record Parsed<T>(long revision, T value) {}

    private record State<T>(long revision, Map<String, Parsed<T>> byKey, Map<String, T> values) {}

    private final String prefix;
    private final Function<StoredObject, T> parse;
    private volatile State<T> state = new State<>(-1, Map.of(), Map.of());

    public ParsedObjects(String prefix, Function<StoredObject, T> parse) {
        this.prefix = prefix;
        this.parse = parse;
    }

    /** The parsed objects of a snapshot by key. */
    public Map<String, T> read(Snapshot snapshot) {
        State<T> last = state;
        if (snapshot.revision() == last.revision) {
            return last.values;
        }
        NavigableMap<String, StoredObject> source = snapshot.under(prefix);
        if (isUnchanged(source, last)) {
            state = new State<>(snapshot.revision(), last.byKey, last.values);
            return last.values;
        }
        var byKey = new HashMap<String, Parsed<T>>();
        for (Map.Entry<String, StoredObject> entry : source.entrySet()) {
            @Nullable Parsed<T> known = last.byKey.get(entry.getKey());
            boolean same = known != null && known.revision == entry.getValue().revision();
            byKey.put(
                    entry.getKey(),
                    known != null && same
                            ? known
                            : new Parsed<>(entry.getValue().revision(), parse.apply(entry.getValue())));
        }
        var values = new HashMap<String, T>();
        byKey.forEach((key, parsed) -> values.put(key, parsed.value));
        state = new State<>(snapshot.revision(), byKey, values);
        return values;
    }

    private static <T> boolean isUnchanged(NavigableMap<String, StoredObject> source, State<T> last) {
        if (source.size() != last.byKey.size()) {
            return false;
        }
        for (Map.Entry<String, StoredObject> entry : source.entrySet()) {
            @Nullable Parsed<T> known = last.byKey.get(entry.getKey());
            if (known == null || known.revision != entry.getValue().revision()) {
                return false;
            }
        }
        return true;
    }
}
