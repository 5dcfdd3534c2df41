package io.vertikube.apiserver.storage.embedded;

import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreContract;

class MemoryStoreTest extends StoreContract {

    @Override
    protected Store open() {
        return EmbeddedStore.inMemory();
    }
}
