package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.resource.autoscaling.AutoscalerVersions;
import io.vertikube.apiserver.resource.events.EventVersions;
import io.vertikube.catalog.ResourceType;
import java.util.Optional;
import java.util.function.Function;

/** The conversion of each type that is served. Safe for any thread. */
public final class ConversionTable {

    private static final Conversion CORE_EVENTS = EventVersions.asked("v1");
    private static final Conversion EVENTS = EventVersions.asked("events.k8s.io/v1");
    private static final Conversion AUTOSCALERS_V1 = AutoscalerVersions.asked("autoscaling/v1");
    private static final Conversion AUTOSCALERS_V2 = AutoscalerVersions.asked("autoscaling/v2");

    private final Function<ResourceType, Optional<Conversion>> defined;

    /** @param defined the conversion that came with a type's definition, asked first because it changes with it */
    public ConversionTable(Function<ResourceType, Optional<Conversion>> defined) {
        this.defined = defined;
    }

    public Conversion of(ResourceType type) {
        return defined.apply(type).orElseGet(() -> builtIn(type));
    }

    private static Conversion builtIn(ResourceType type) {
        return switch (type.plural()) {
            case "events" ->
                switch (type.group()) {
                    case "" -> CORE_EVENTS;
                    case "events.k8s.io" -> EVENTS;
                    default -> Conversion.NONE;
                };
            case "horizontalpodautoscalers" ->
                !type.group().equals("autoscaling")
                        ? Conversion.NONE
                        : type.version().equals("v1") ? AUTOSCALERS_V1 : AUTOSCALERS_V2;
            default -> Conversion.NONE;
        };
    }
}
