package io.vertikube.e2e.simulation;

import java.util.List;

/** Something that holds whatever happens, or comes to hold again. Told of everything under one lock. */
interface Invariant {

    /** What it is called in reports. */
    String name();

    /** A write, in the order of revisions, each once. What is wrong with it, if anything. */
    default List<Finding> changed(Change change, State state) {
        return List.of();
    }

    /** Everybody has finished what there was to do for now. */
    default List<Finding> settled(State state) {
        return List.of();
    }

    /** Asked again and again when no fault is left and time goes by: what does not hold yet. */
    default List<Finding> unmet(State state) {
        return List.of();
    }
}
