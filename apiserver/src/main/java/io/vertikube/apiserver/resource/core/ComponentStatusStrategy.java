package io.vertikube.apiserver.resource.core;

import io.vertikube.apiserver.resource.Strategy;

/** Component statuses are read only, and out of date. */
public final class ComponentStatusStrategy implements Strategy {

    @Override
    public String requestWarning() {
        return "v1 ComponentStatus is deprecated in v1.19+";
    }
}
