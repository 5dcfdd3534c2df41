package io.vertikube.apiserver.storage;

/** The layout of keys: {@code /registry/<group or core>/<plural>/[<namespace>/]<name>}. Pure functions. */
final class Keys {

    /** Everything of ours begins with this; other keys of a shared store are passed over. */
    static final String ROOT = "/registry/";

    private static final int SEGMENTS = 4;

    private Keys() {}

    /** The type a key or narrower prefix belongs to, ending in a slash; empty for a prefix wider than a type. */
    static String typeOf(String key) {
        int slash = -1;
        for (int i = 0; i < SEGMENTS; i++) {
            slash = key.indexOf('/', slash + 1);
            if (slash < 0) {
                return "";
            }
        }
        return key.substring(0, slash + 1);
    }
}
