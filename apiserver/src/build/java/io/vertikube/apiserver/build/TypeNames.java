package io.vertikube.apiserver.build;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that OpenAPI documents use, from the names of the model's classes. A class says only {@code V1PodSpec}; the
 * package stands in the protobuf descriptors of the same release. Confined to the build.
 */
final class TypeNames {

    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    private static final String REGISTRATION = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.";

    private static final Pattern CLASS = Pattern.compile("([A-Z][a-z]+)?(V[0-9](?:(?:alpha|beta)[0-9])?)([A-Z].*)");

    private final Map<String, Set<String>> packagesByType = new HashMap<>();

    /** @param messages full names of protobuf messages, such as {@code k8s.io.api.core.v1.PodSpec} */
    TypeNames(Iterable<String> messages) {
        for (String message : messages) {
            int dot = message.lastIndexOf('.');
            packagesByType
                    .computeIfAbsent(message.substring(dot + 1), name -> new TreeSet<>())
                    .add(message.substring(0, dot));
        }
    }

    /** {@code V1PodSpec} to {@code io.k8s.api.core.v1.PodSpec}. */
    String ofClass(String simpleName) {
        Matcher parts = CLASS.matcher(simpleName);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no type of the API: " + simpleName);
        }
        String version = parts.group(2).toLowerCase(Locale.ROOT);
        String type = parts.group(3);
        String group = parts.group(1) == null ? "" : parts.group(1).toLowerCase(Locale.ROOT);
        if (group.equals("apiregistration") || type.startsWith("APIService")) {
            return REGISTRATION + type;
        }
        var found = new TreeSet<>(packagesByType.getOrDefault(type, Set.of()));
        found.removeIf(name -> !name.endsWith("." + version));
        if (found.size() > 1) {
            // Only names that several groups have carry a group; what is left is of the common machinery.
            String wanted = group.isEmpty() ? ".meta." : "." + group + ".";
            found.removeIf(name -> !name.contains(wanted));
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException("no single package for " + simpleName + ": " + found);
        }
        return ofMessage(found.first() + "." + type);
    }

    /** {@code k8s.io.api.core.v1.PodSpec} to {@code io.k8s.api.core.v1.PodSpec}. */
    static String ofMessage(String message) {
        return "io.k8s."
                + message.substring("k8s.io.".length()).replace("apiextensions_apiserver", "apiextensions-apiserver");
    }

    /** {@code core.v1.PodSpec} to {@code io.k8s.api.core.v1.PodSpec}. */
    static String ofFacts(String name) {
        if (name.startsWith("apis.meta.v1.")) {
            return META + name.substring("apis.meta.v1.".length());
        }
        if (name.startsWith("apiextensions.v1.")) {
            return "io.k8s.apiextensions-apiserver.pkg.apis." + name;
        }
        if (name.startsWith("apiregistration.v1.")) {
            return "io.k8s.kube-aggregator.pkg.apis." + name;
        }
        return name.startsWith("version.") ? "io.k8s.apimachinery.pkg." + name : "io.k8s.api." + name;
    }
}
