package io.vertikube.kubelet.images;

import java.util.List;

/**
 * Whose right to an image that is already there is looked at before a pod gets it ("Ensure image pull credential verification" in
 * the documentation, KEP-2535). Immutable.
 *
 * @param allowed repositories of which images that no pull of this node brought are everybody's, for {@link
 *     Verification#NEVER_VERIFY_ALLOWLISTED_IMAGES}; one that ends in {@code /*} stands for all below it
 */
public record ImageAccess(Verification verification, List<String> allowed) {

    private static final String BELOW = "/*";

    /** What a node does unless told otherwise. */
    public static final ImageAccess DEFAULT = new ImageAccess(Verification.NEVER_VERIFY_PRELOADED_IMAGES, List.of());

    /** Which images are somebody's. */
    public enum Verification {
        NEVER_VERIFY("NeverVerify"),
        NEVER_VERIFY_PRELOADED_IMAGES("NeverVerifyPreloadedImages"),
        NEVER_VERIFY_ALLOWLISTED_IMAGES("NeverVerifyAllowlistedImages"),
        ALWAYS_VERIFY("AlwaysVerify");

        private final String text;

        Verification(String text) {
            this.text = text;
        }

        /** By the name that the configuration has for it. */
        public static Verification parse(String text) {
            for (Verification each : values()) {
                if (each.text.equals(text)) {
                    return each;
                }
            }
            throw new IllegalArgumentException(
                    "--image-pull-credentials-verification-policy: \"" + text
                            + "\" is none of NeverVerify, NeverVerifyPreloadedImages, NeverVerifyAllowlistedImages, AlwaysVerify");
        }
    }

    public ImageAccess {
        allowed = List.copyOf(allowed);
        if (!allowed.isEmpty() && verification != Verification.NEVER_VERIFY_ALLOWLISTED_IMAGES) {
            throw new IllegalArgumentException("--preloaded-images-verification-allowlist is only for"
                    + " --image-pull-credentials-verification-policy=NeverVerifyAllowlistedImages");
        }
        allowed.forEach(ImageAccess::check);
    }

    private static void check(String pattern) {
        String name = pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
        String why = "";
        if (name.isEmpty() || name.contains("*")) {
            why = "may have a * only as its last part, behind a name";
        } else if (!ImageName.repository(name).equals(ImageName.withHost(name))) {
            why = "must not have a tag or digest";
        }
        if (!why.isEmpty()) {
            throw new IllegalArgumentException("--preloaded-images-verification-allowlist: \"" + pattern + "\" " + why);
        }
    }

    /**
     * Whether a pod has to show that it may have an image.
     *
     * @param repository as {@link ImageName#repository} gives it
     * @param isPreloaded whether no pull of this node brought it
     */
    boolean mustBeShown(String repository, boolean isPreloaded) {
        return switch (verification) {
            case NEVER_VERIFY -> false;
            case NEVER_VERIFY_PRELOADED_IMAGES -> !isPreloaded;
            case NEVER_VERIFY_ALLOWLISTED_IMAGES -> !isPreloaded || !isAllowed(repository);
            case ALWAYS_VERIFY -> true;
        };
    }

    private boolean isAllowed(String repository) {
        return allowed.stream().anyMatch(pattern -> {
            String name = ImageName.withHost(pattern);
            return name.endsWith(BELOW)
                    ? repository.startsWith(name.substring(0, name.length() - 1))
                    : repository.equals(name);
        });
    }
}
