package io.vertikube.apiserver.resource;

import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvr;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rules of each type that is served, found once. Safe for any thread. */
public final class StrategyTable {

    private final Map<Gvr, Strategy> known = new ConcurrentHashMap<>();

    public Strategy of(ResourceType type) {
        return known.computeIfAbsent(type.gvr(), resource -> Strategies.of(type));
    }
}
