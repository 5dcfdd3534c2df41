package io.vertikube.apiserver;

import io.vertikube.apiserver.resource.StrategyTable;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.apiserver.storage.etcd.EtcdOptions;
import io.vertikube.apiserver.storage.etcd.EtcdStore;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the store that the options choose, and tells it what may be selected by. */
final class Stores {

    private static final String FILE = "vertikube.store";

    private final Supplier<Catalog> catalog;
    private final StrategyTable strategies;

    Stores(Supplier<Catalog> catalog, StrategyTable strategies) {
        this.catalog = catalog;
        this.strategies = strategies;
    }

    Store open(ApiServerOptions.StoreChoice choice) {
        if (!choice.etcdServers().isEmpty()) {
            Path ca = choice.etcdCa();
            EtcdOptions.@Nullable Tls tls =
                    ca == null ? null : new EtcdOptions.Tls(ca, choice.etcdCertificate(), choice.etcdKey());
            return EtcdStore.connect(EtcdOptions.of(choice.etcdServers(), tls));
        }
        Path folder = choice.dataDir();
        return folder == null ? EmbeddedStore.inMemory() : EmbeddedStore.open(folder.resolve(FILE));
    }

    List<String> selectableFields(String storagePrefix) {
        Set<String> fields = new TreeSet<>();
        for (ResourceType type : catalog.get().all()) {
            if (type.storagePrefix().equals(storagePrefix)) {
                fields.addAll(strategies.of(type).selectableFields());
            }
        }
        return List.copyOf(fields);
    }
}
