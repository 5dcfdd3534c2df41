package io.vertikube.kubelet.pod;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which image names can be names at all, by the grammar of references that registries and runtimes share (the
 * distribution specification, "Pulling manifests"). Pure functions.
 */
final class ImageNames {

    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String HOST = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String END =
            "(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?";
    private static final Pattern NAME = Pattern.compile("(?:" + HOST + "/)?" + PART + "(?:/" + PART + ")*" + END);

    private ImageNames() {}

    /** Why this is no image name; empty if it is one. */
    static Optional<String> problem(String image) {
        if (NAME.matcher(image).matches()) {
            return Optional.empty();
        }
        String why = NAME.matcher(image.toLowerCase(java.util.Locale.ROOT)).matches()
                ? "invalid reference format: repository name must be lowercase"
                : "invalid reference format";
        return Optional.of("Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                + "\": " + why);
    }
}
