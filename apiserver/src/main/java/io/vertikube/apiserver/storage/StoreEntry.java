package io.vertikube.apiserver.storage;

/** A key with its value as of a revision. The bytes are shared: nobody writes to them. Immutable by agreement. */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
public record StoreEntry(String key, byte[] value, long revision) {}
