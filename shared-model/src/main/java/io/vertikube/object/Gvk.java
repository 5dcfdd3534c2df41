package io.vertikube.object;

/**
 * Group, version and kind: the type of an object as it names itself. The core group is the empty string. Immutable.
 */
public record Gvk(String group, String version, String kind) {

    /** Reads {@code apps/v1} or {@code v1} with a kind. */
    public static Gvk of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new Gvk("", apiVersion, kind)
                : new Gvk(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    /** {@code v1} for the core group, else {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code Deployment.apps}, or {@code Pod} for the core group: the form that error sentences use. */
    public String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    @Override
    public String toString() {
        return apiVersion() + ", Kind=" + kind;
    }
}
