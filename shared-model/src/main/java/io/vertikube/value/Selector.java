package io.vertikube.value;

import java.util.Map;

/** A condition over a flat map of labels or fields. Immutable. */
public sealed interface Selector permits LabelRequirements, FieldRequirements {

    /** Whether a map of labels (or of fields) satisfies every requirement. */
    boolean matches(Map<String, String> values);

    /** Whether there is no requirement. */
    boolean matchesEverything();
}
