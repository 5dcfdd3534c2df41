package io.vertikube.e2e.simulation;

/**
 * Which object: its type's plural and its name. Immutable.
 *
 * @param namespace empty for cluster-scoped objects
 */
record ObjectId(String plural, String namespace, String name) {

    /** Of a key in the store: {@code /registry/<group or core>/<plural>/[<namespace>/]<name>}. */
    static ObjectId ofKey(String key) {
        String[] parts = key.split("/", 6);
        return parts.length == 6
                ? new ObjectId(parts[3], parts[4], parts[5])
                : new ObjectId(parts[3], "", parts[parts.length - 1]);
    }

    @Override
    public String toString() {
        return plural + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
