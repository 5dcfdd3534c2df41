package io.vertikube.apiserver.resource;

import io.vertikube.catalog.ResourceType;

/** Which rules a resource has. Pure; custom resources get what holds for every kind. */
public final class Strategies {

    private Strategies() {}

    /** The rules of a resource, with those of object metadata in front. */
    public static Strategy of(ResourceType type) {
        return new Strategy() {};
    }
}
