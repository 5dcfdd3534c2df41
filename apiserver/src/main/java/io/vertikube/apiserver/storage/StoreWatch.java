package io.vertikube.apiserver.storage;

/** A running watch of a store; closing it ends the calls to its listener soon after. Safe for any thread. */
public interface StoreWatch extends AutoCloseable {
    @Override
    void close();
}
