package io.vertikube.apiserver.crd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that other types of a group have already. Resource names (plural, singular, short) exclude one another, and
 * so do kinds and list kinds. Immutable.
 */
record NamesTaken(Set<String> resources, Set<String> kinds) {

    /** What became of the names asked for. */
    record Outcome(TypeNames accepted, String reason, String message) {

        boolean all() {
            return reason.equals("NoConflicts");
        }
    }

    static NamesTaken by(Collection<TypeNames> others) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (TypeNames names : others) {
            resources.add(names.plural());
            resources.add(names.singular());
            resources.addAll(names.shortNames());
            kinds.add(names.kind());
            kinds.add(names.listKind());
        }
        resources.remove("");
        kinds.remove("");
        return new NamesTaken(resources, kinds);
    }

    /** Gives every name that is free; one that is not stays what it was before. */
    Outcome judge(TypeNames asked, TypeNames before) {
        List<String> reasons = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        String plural = one(resources, asked.plural(), before.plural(), "PluralConflict", reasons, messages);
        String singular = one(resources, asked.singular(), before.singular(), "SingularConflict", reasons, messages);
        List<String> shorts = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String name : asked.shortNames()) {
            if (resources.contains(name)) {
                wrong.add(inUse(name));
            } else {
                shorts.add(name);
            }
        }
        if (!wrong.isEmpty()) {
            shorts = new ArrayList<>(before.shortNames());
            reasons.add("ShortNamesConflict");
            messages.add(wrong.size() == 1 ? wrong.getFirst() : "[" + String.join(", ", wrong) + "]");
        }
        String kind = one(kinds, asked.kind(), before.kind(), "KindConflict", reasons, messages);
        String listKind = one(kinds, asked.listKind(), before.listKind(), "ListKindConflict", reasons, messages);
        var accepted = new TypeNames(plural, singular, shorts, kind, listKind, asked.categories());
        return reasons.isEmpty()
                ? new Outcome(accepted, "NoConflicts", "no conflicts found")
                : new Outcome(accepted, reasons.getLast(), messages.getLast());
    }

    private static String one(
            Set<String> taken,
            String asked,
            String before,
            String reason,
            List<String> reasons,
            List<String> messages) {
        if (!taken.contains(asked)) {
            return asked;
        }
        reasons.add(reason);
        messages.add(inUse(asked));
        return before;
    }

    private static String inUse(String name) {
        return '"' + name + "\" is already in use";
    }
}
