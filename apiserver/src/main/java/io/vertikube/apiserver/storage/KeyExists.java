package io.vertikube.apiserver.storage;

/** A create met a key that exists. */
public final class KeyExists extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String key;

    public KeyExists(String key) {
        super(key + " exists already", null, false);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
