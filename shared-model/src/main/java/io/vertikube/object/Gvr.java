package io.vertikube.object;

/** Group, version and resource (the plural in a URL): the type of an object as the API addresses it. Immutable. */
public record Gvr(String group, String version, String resource) {

    /** {@code deployments.apps}, or {@code pods} for the core group: the form that error sentences use. */
    public String qualified() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
