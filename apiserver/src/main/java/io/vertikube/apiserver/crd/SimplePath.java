package io.vertikube.apiserver.crd;

import java.util.Arrays;
import java.util.List;

/** The plain form of JSONPath that subresources and selectable fields are named in: {@code .spec.replicas}. Pure. */
final class SimplePath {

    private SimplePath() {}

    /** The names of the fields, from the root down. */
    static List<String> of(String path) {
        return Arrays.stream(path.split("\\.", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
