package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvr;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The rules of each type that is served, found once. Safe for any thread. */
public final class StrategyTable {

    private final Map<Gvr, Strategy> known = new ConcurrentHashMap<>();
    private final Function<ResourceType, Optional<Strategy>> defined;
    private final Supplier<CelEngine> engine;

    /**
     * @param defined the rules that came with a type's definition, asked first because they change with it
     * @param engine compiles the expressions that objects bring; asked when the first one comes
     */
    public StrategyTable(Function<ResourceType, Optional<Strategy>> defined, Supplier<CelEngine> engine) {
        this.defined = defined;
        this.engine = engine;
    }

    public Strategy of(ResourceType type) {
        return defined.apply(type)
                .orElseGet(() -> known.computeIfAbsent(type.gvr(), resource -> Strategies.of(type, engine)));
    }
}
