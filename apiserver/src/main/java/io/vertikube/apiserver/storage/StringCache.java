package io.vertikube.apiserver.storage;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Gives equal strings the same instance when it happens to know one: thousands of pods share few label keys, values and
 * namespaces. Bounded and forgetful. Safe for any thread.
 */
final class StringCache {

    private static final int LONGEST = 80;

    private final AtomicReferenceArray<String> slots;

    /** @param size number of strings remembered, a power of two */
    StringCache(int size) {
        slots = new AtomicReferenceArray<>(size);
    }

    String shared(String string) {
        if (string.length() > LONGEST) {
            return string;
        }
        int hash = string.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (slots.length() - 1);
        String known = slots.getPlain(slot);
        if (string.equals(known)) {
            return known;
        }
        slots.setRelease(slot, string);
        return string;
    }
}
