package io.vertikube.kubelet;

import io.vertikube.kubelet.images.ImageAccess;
import io.vertikube.kubelet.pod.PullLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many images a node pulls, and for whom. */
final class PullFlags {

    @Option(names = "--serialize-image-pulls", description = "Pull one image at a time.")
    private boolean serialize;

    @Option(
            names = "--max-parallel-image-pulls",
            paramLabel = "COUNT",
            description = "Images that are pulled at a time (5).")
    private @Nullable Integer parallel;

    @Option(
            names = "--registry-qps",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "Most pulls that begin in a second, 0 for no such limit (${DEFAULT-VALUE}).")
    private int perSecond = PullLimits.DEFAULT.perSecond();

    @Option(
            names = "--registry-burst",
            paramLabel = "COUNT",
            defaultValue = "10",
            description = "Pulls that may begin at once after a quiet time (${DEFAULT-VALUE}).")
    private int burst = PullLimits.DEFAULT.burst();

    @Option(
            names = "--image-pull-credentials-verification-policy",
            paramLabel = "POLICY",
            defaultValue = "NeverVerifyPreloadedImages",
            description = "Which images that are there a pod gets only with the credentials that they were pulled with:"
                    + " NeverVerify, NeverVerifyPreloadedImages, NeverVerifyAllowlistedImages or AlwaysVerify"
                    + " (${DEFAULT-VALUE}).")
    private String verification = "";

    @Option(
            names = "--preloaded-images-verification-allowlist",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Images without tag, or all below a NAME/*, that everybody may have where no pull brought them,"
                            + " for NeverVerifyAllowlistedImages.")
    private List<String> allowed = List.of();

    ImageAccess access() {
        return new ImageAccess(ImageAccess.Verification.parse(verification), allowed);
    }

    PullLimits limits() {
        if (serialize && parallel != null && parallel > 1) {
            throw new IllegalArgumentException(
                    "--max-parallel-image-pulls cannot be larger than 1 together with --serialize-image-pulls");
        }
        int own = parallel == null ? PullLimits.DEFAULT.atOnce() : parallel;
        return new PullLimits(serialize ? 1 : own, perSecond, burst);
    }
}
