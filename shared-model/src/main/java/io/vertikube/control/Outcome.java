package io.vertikube.control;

import java.time.Duration;

/** How a reconciliation ended. Immutable. */
public sealed interface Outcome {

    /** Nothing more to do until something changes. */
    record Done() implements Outcome {}

    /** Look again after a time, without anything having changed. */
    record Again(Duration after) implements Outcome {}

    static Outcome done() {
        return new Done();
    }

    static Outcome again(Duration after) {
        return new Again(after);
    }
}
