package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.RuntimeVersion;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which runtimes mount images. CRI has no question for it, and a runtime that does not know the fields is silent about them: it
 * mounts nothing that makes sense, or all of an image instead of a part. So the older versions of those that are known are refused
 * here; any other is asked to do it. Pure functions.
 */
final class ImageVolumeSupport {

    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+).*");

    /** Since when: containerd's changes 10579 and 11578, CRI-O's releases 1.31 and 1.33. */
    private record Since(int major, int minor) {

        boolean isAfter(int otherMajor, int otherMinor) {
            return major > otherMajor || (major == otherMajor && minor > otherMinor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    private static final Map<String, Since> WHOLE = Map.of("containerd", new Since(2, 1), "cri-o", new Since(1, 31));
    private static final Map<String, Since> PART = Map.of("containerd", new Since(2, 2), "cri-o", new Since(1, 33));

    private ImageVolumeSupport() {}

    /** Why a runtime cannot, in a sentence; {@code part}: a subPath of an image. */
    static Optional<String> problem(RuntimeVersion runtime, boolean part) {
        Since since = (part ? PART : WHOLE).get(runtime.name());
        Matcher version = VERSION.matcher(runtime.version());
        if (since == null
                || !version.matches()
                || !since.isAfter(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)))) {
            return Optional.empty();
        }
        return Optional.of((part ? "a subPath of an image volume" : "an image volume") + " cannot be mounted by "
                + runtime.name() + " " + runtime.version() + ": it needs version " + since + " or newer");
    }
}
