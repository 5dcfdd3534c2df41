package io.vertikube.controller.quota;

import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.controller.discovery.Discovery;
import java.util.Optional;

/** Where a resource is served, for built-in ones from the catalogue, for others from discovery. Blocks. */
final class ServedTypes {
    private final Discovery discovery;

    ServedTypes(ApiClient client) {
        this.discovery = new Discovery(client);
    }

    Optional<ResourceType> find(String group, String plural) {
        return named(Catalog.builtIn().all(), group, plural)
                .or(() -> named(discovery.read().preferred(), group, plural));
    }

    private static Optional<ResourceType> named(Iterable<ResourceType> types, String group, String plural) {
        for (ResourceType type : types) {
            if (type.group().equals(group) && type.plural().equals(plural)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
