package io.vertikube.apiserver.resource.meta;

import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Collects what is wrong with one object, in the order of its fields. Confined to one validation. */
public final class Problems {

    private final List<FieldError> found = new ArrayList<>();

    public List<FieldError> list() {
        return List.copyOf(found);
    }

    public boolean none() {
        return found.isEmpty();
    }

    public void add(FieldError error) {
        found.add(error);
    }

    public void addAll(List<FieldError> errors) {
        found.addAll(errors);
    }

    public void required(Place place) {
        required(place, "");
    }

    public void required(Place place, String detail) {
        found.add(FieldError.required(place.path(), detail));
    }

    /** Says so if nothing is there; true if something is. */
    public boolean require(Place place, String detail) {
        if (place.empty()) {
            required(place, detail);
            return false;
        }
        return true;
    }

    public void invalid(Place place, String detail) {
        found.add(FieldError.invalid(place.path(), place.shown(), detail));
    }

    public void forbidden(Place place, String detail) {
        found.add(FieldError.forbidden(place.path(), detail));
    }

    public void duplicate(Place place) {
        found.add(FieldError.duplicate(place.path(), place.shown()));
    }

    public void duplicate(Place place, Object shown) {
        found.add(FieldError.duplicate(place.path(), shown));
    }

    public void notFound(Place place) {
        found.add(FieldError.notFound(place.path(), place.shown()));
    }

    /** One error for each sentence. */
    public void invalid(Place place, List<String> sentences) {
        sentences.forEach(sentence -> invalid(place, sentence));
    }

    /** Checks the text against one of {@link Names}' rules. */
    public void check(Place place, Function<String, List<String>> rule) {
        invalid(place, rule.apply(place.text()));
    }

    /** Checks the text if there is any. */
    public void checkIfAny(Place place, Function<String, List<String>> rule) {
        if (!place.empty()) {
            check(place, rule);
        }
    }

    /** The text is one of these. */
    public void supported(Place place, List<String> supported) {
        if (!supported.contains(place.text())) {
            found.add(FieldError.notSupported(place.path(), place.shown(), supported));
        }
    }

    public void supportedIfAny(Place place, List<String> supported) {
        if (!place.empty()) {
            supported(place, supported);
        }
    }

    /** Absent or at least zero. */
    public void notNegative(Place place) {
        if (place.number(0) < 0) {
            invalid(place, "must be greater than or equal to 0");
        }
    }

    public void atLeast(Place place, long least) {
        if (place.present() && place.number(least) < least) {
            invalid(place, "must be greater than or equal to " + least);
        }
    }

    public void positive(Place place) {
        if (place.present() && place.number(1) <= 0) {
            invalid(place, "must be greater than 0");
        }
    }

    public void range(Place place, long least, long most) {
        long value = place.number(least - 1);
        if (value < least || value > most) {
            invalid(place, "must be between " + least + " and " + most + ", inclusive");
        }
    }

    public void port(Place place) {
        range(place, 1, 65535);
    }

    /** A user or group id. */
    public void id(Place place) {
        if (place.present()) {
            range(place, 0, Integer.MAX_VALUE);
        }
    }

    public void immutable(Place now, Place before) {
        if (!Trees.equal(now.node(), before.node()) && !(now.empty() && before.empty())) {
            invalid(now, "field is immutable");
        }
    }

    /** Says of every repeated text where it stands again. */
    public void unique(List<Place> places) {
        Set<String> seen = new HashSet<>();
        for (Place place : places) {
            if (!place.empty() && !seen.add(place.text())) {
                duplicate(place);
            }
        }
    }

    /** {@link Names#dnsLabel}, saying plainly when only the dots are wrong. */
    public static List<String> dnsLabel(String value) {
        List<String> problems = Names.dnsLabel(value);
        return value.length() <= 63
                        && !problems.isEmpty()
                        && Names.dnsSubdomain(value).isEmpty()
                ? List.of("must not contain dots")
                : problems;
    }
}
