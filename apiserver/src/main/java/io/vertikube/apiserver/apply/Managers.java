package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The managers of an object and what each claims, as read from and written to {@code managedFields}. Confined to one write. */
final class Managers {

    /** How many managers of operation Update are told apart; the oldest beyond that are remembered together. */
    static final int MAX_UPDATE_MANAGERS = 10;

    /** Under which name the oldest updates are remembered together. */
    static final String ANCIENT = "ancient-changes";

    static final String APPLY = "Apply";
    static final String UPDATE = "Update";

    /**
     * What tells one entry from another.
     *
     * @param apiVersion empty for Apply: an applier is the same whichever version it speaks
     */
    record Id(String manager, String operation, String apiVersion, String subresource) {

        static Id applier(Writer by) {
            return new Id(by.manager(), APPLY, "", by.subresource());
        }

        static Id updater(Writer by) {
            return new Id(by.manager(), UPDATE, by.type().apiVersion(), by.subresource());
        }

        boolean applies() {
            return operation.equals(APPLY);
        }

        /** How a conflict names it. */
        String printed() {
            if (applies()) {
                return '"' + manager + '"';
            }
            String part = subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"';
            return '"' + manager + '"' + part + " using " + apiVersion;
        }
    }

    /** What a manager claims. */
    record Claim(String apiVersion, @Nullable Instant time, FieldSet fields) {
        Claim with(FieldSet other) {
            return new Claim(apiVersion, time, other);
        }
    }

    private static final Comparator<Map.Entry<Id, Claim>> ORDER = Comparator.comparing(
                    (Map.Entry<Id, Claim> entry) -> entry.getKey().operation())
            .thenComparingLong(entry -> seconds(entry.getValue()))
            .thenComparing(entry -> entry.getKey().manager())
            .thenComparing(entry -> entry.getValue().apiVersion())
            .thenComparing(entry -> entry.getKey().subresource());

    private final Map<Id, Claim> claims = new HashMap<>();

    Map<Id, Claim> claims() {
        return claims;
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    @Nullable
    Claim get(Id id) {
        return claims.get(id);
    }

    void put(Id id, Claim claim) {
        claims.put(id, claim);
    }

    /** Changes what everybody claims; who claims nothing any more is forgotten. */
    void replaceAll(BiFunction<Id, FieldSet, FieldSet> rule) {
        claims.replaceAll((id, claim) -> claim.with(rule.apply(id, claim.fields())));
        claims.values().removeIf(claim -> claim.fields().isEmpty());
    }

    /** Everything that anybody claims. */
    FieldSet all() {
        FieldSet all = FieldSet.EMPTY;
        for (Claim claim : claims.values()) {
            all = all.union(claim.fields());
        }
        return all;
    }

    /** Reads {@code metadata.managedFields}; entries that make no sense are an {@link IllegalArgumentException}. */
    static Managers of(ObjectNode object) {
        var managers = new Managers();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            String operation = entry.path("operation").asText();
            if (!operation.equals(APPLY) && !operation.equals(UPDATE)) {
                throw new IllegalArgumentException("operation must be Apply or Update, not \"" + operation + "\"");
            }
            String apiVersion = entry.path("apiVersion").asText();
            var id = new Id(
                    entry.path("manager").asText(),
                    operation,
                    operation.equals(APPLY) ? "" : apiVersion,
                    entry.path("subresource").asText());
            JsonNode fields = entry.path("fieldsV1");
            Claim claim = new Claim(
                    apiVersion,
                    time(entry.path("time")),
                    fields.isMissingNode() ? FieldSet.EMPTY : FieldSet.parse(fields));
            managers.claims.merge(
                    id,
                    claim,
                    (a, b) -> new Claim(b.apiVersion(), b.time(), a.fields().union(b.fields())));
        }
        return managers;
    }

    /** As {@link #of}, where entries that make no sense count as none. */
    static Managers readable(ObjectNode object) {
        try {
            return of(object);
        } catch (IllegalArgumentException e) {
            return new Managers();
        }
    }

    /** Writes {@code metadata.managedFields}, ordered by operation, time and name; takes the field away if there is nobody. */
    void writeTo(ObjectNode object) {
        if (!(object.get("metadata") instanceof ObjectNode metadata)) {
            return;
        }
        if (claims.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode(claims.size());
        List<Map.Entry<Id, Claim>> ordered = new ArrayList<>(claims.entrySet());
        ordered.sort(ORDER);
        for (var entry : ordered) {
            Id id = entry.getKey();
            Claim claim = entry.getValue();
            ObjectNode json = list.addObject();
            json.put("manager", id.manager());
            json.put("operation", id.operation());
            json.put("apiVersion", claim.apiVersion());
            if (claim.time() != null) {
                json.put("time", written(claim.time()));
            }
            json.put("fieldsType", "FieldsV1");
            json.set("fieldsV1", claim.fields().toJson());
            if (!id.subresource().isEmpty()) {
                json.put("subresource", id.subresource());
            }
        }
        metadata.set("managedFields", list);
    }

    /** Merges the oldest updates of each version into one entry until no more are left than may be told apart. */
    void cap() {
        if (claims.size() <= MAX_UPDATE_MANAGERS) {
            return;
        }
        List<Map.Entry<Id, Claim>> updates = claims.entrySet().stream()
                .filter(entry -> !entry.getKey().applies())
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .sorted(ORDER)
                .toList();
        int left = updates.size();
        Map<String, Id> firstOfVersion = new TreeMap<>();
        for (var update : updates) {
            if (left <= MAX_UPDATE_MANAGERS) {
                return;
            }
            String version = update.getValue().apiVersion();
            Id first = firstOfVersion.putIfAbsent(version, update.getKey());
            if (first == null) {
                continue;
            }
            var bucket = new Id(ANCIENT, UPDATE, version, "");
            Claim earlier = claims.containsKey(bucket) ? claims.get(bucket) : claims.remove(first);
            FieldSet together = earlier == null
                    ? update.getValue().fields()
                    : earlier.fields().union(update.getValue().fields());
            claims.remove(update.getKey());
            claims.put(bucket, new Claim(version, update.getValue().time(), together));
            left--;
        }
    }

    static String written(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static @Nullable Instant time(JsonNode value) {
        if (!value.isTextual()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time: " + value, e);
        }
    }

    private static long seconds(Claim claim) {
        return claim.time() == null ? 0 : claim.time().getEpochSecond();
    }
}
