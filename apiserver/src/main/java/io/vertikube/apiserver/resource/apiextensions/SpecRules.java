package io.vertikube.apiserver.resource.apiextensions;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of a definition's names, group, scope and versions ("CustomResourceDefinitionSpec"). Pure. */
final class SpecRules {

    private static final int LONGEST_WARNING = 256;

    private SpecRules() {}

    static void check(Place root, Problems problems) {
        Place spec = root.get("spec");
        String wanted = spec.get("names").text("plural") + "." + spec.text("group");
        if (!root.get("metadata").text("name").equals(wanted)) {
            problems.invalid(root.get("metadata", "name"), "must be spec.names.plural+\".\"+spec.group");
        }
        group(spec.get("group"), problems);
        if (problems.require(spec.get("scope"), "")) {
            problems.supported(spec.get("scope"), List.of("Cluster", "Namespaced"));
        }
        if (spec.is("preserveUnknownFields")) {
            problems.invalid(
                    spec.get("preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
        versions(spec, problems);
        names(spec.get("names"), problems);
    }

    private static void group(Place group, Problems problems) {
        if (problems.require(group, "")) {
            problems.check(group, Names::dnsSubdomain);
            if (group.text().indexOf('.') < 0) {
                problems.invalid(group, "should be a domain with at least one dot");
            }
        }
    }

    private static void versions(Place spec, Problems problems) {
        Set<String> seen = new HashSet<>();
        boolean unique = true;
        int stored = 0;
        for (Place version : spec.items("versions")) {
            unique &= seen.add(version.text("name"));
            stored += version.is("storage") ? 1 : 0;
            List<String> wrong = Names.dns1035(version.text("name"));
            if (!wrong.isEmpty()) {
                problems.invalid(version.get("name"), String.join(",", wrong));
            }
            deprecation(version, problems);
        }
        if (!unique) {
            problems.invalid(spec.get("versions"), "must contain unique version names");
        }
        if (stored != 1) {
            problems.invalid(spec.get("versions"), "must have exactly one version marked as storage version");
        }
    }

    private static void deprecation(Place version, Problems problems) {
        Place warning = version.get("deprecationWarning");
        if (!warning.present()) {
            return;
        }
        if (!version.is("deprecated")) {
            problems.invalid(warning, "can only be set for deprecated versions");
        }
        if (warning.text().isBlank()) {
            problems.invalid(warning, "must not be empty");
        }
        if (warning.text().length() > LONGEST_WARNING) {
            problems.add(FieldError.tooLong(warning.path(), LONGEST_WARNING));
        }
        if (warning.text().chars().anyMatch(Character::isISOControl)) {
            problems.invalid(warning, "must only contain printable UTF-8 characters; non-printable character found");
        }
    }

    private static void names(Place names, Problems problems) {
        if (problems.require(names.get("plural"), "")) {
            label(names.get("plural"), problems);
        }
        if (!names.get("singular").empty()) {
            label(names.get("singular"), problems);
        }
        if (problems.require(names.get("kind"), "")) {
            mixed(names.get("kind"), problems);
        }
        names.items("shortNames").forEach(name -> label(name, problems));
        if (problems.require(names.get("listKind"), "")) {
            mixed(names.get("listKind"), problems);
            if (names.text("kind").equals(names.text("listKind"))) {
                problems.invalid(names.get("listKind"), "kind and listKind may not be the same");
            }
        }
        names.items("categories").forEach(name -> label(name, problems));
    }

    private static void label(Place name, Problems problems) {
        List<String> wrong = Names.dns1035(name.text());
        if (!wrong.isEmpty()) {
            problems.invalid(name, String.join(",", wrong));
        }
    }

    private static void mixed(Place kind, Problems problems) {
        List<String> wrong = Names.dns1035(kind.text().toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            problems.invalid(kind, "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
    }

    /** {@code status.storedVersions}: all of them still versions, and the storage version among them. */
    static void storedVersions(Place root, Problems problems) {
        Place stored = root.get("status", "storedVersions");
        Set<String> versions = new HashSet<>();
        String storage = "";
        for (Place version : root.get("spec").items("versions")) {
            versions.add(version.text("name"));
            if (version.is("storage")) {
                storage = version.text("name");
            }
        }
        if (stored.items().isEmpty()) {
            problems.invalid(stored, "must have at least one stored version");
        }
        boolean found = false;
        for (Place version : stored.items()) {
            found |= version.text().equals(storage);
            if (!versions.contains(version.text())) {
                String gone = version.text();
                problems.invalid(
                        version,
                        "missing from spec.versions; " + gone + " was previously a storage version, and must remain in"
                                + " spec.versions until a storage migration ensures no data remains persisted in "
                                + gone + " and removes " + gone + " from status.storedVersions");
            }
        }
        if (!found && !storage.isEmpty()) {
            problems.invalid(stored, "must have the storage version " + storage);
        }
    }

    /** What may never change, and what may not once objects are stored. */
    static void unchanged(Place root, Place old, boolean established, Problems problems) {
        Place spec = root.get("spec");
        Place before = old.get("spec");
        if (established) {
            problems.immutable(spec.get("scope"), before.get("scope"));
            problems.immutable(spec.get("names", "kind"), before.get("names", "kind"));
        }
        problems.immutable(spec.get("group"), before.get("group"));
        problems.immutable(spec.get("names", "plural"), before.get("names", "plural"));
    }
}
