package io.vertikube.apiserver.admission;

import java.util.List;

/**
 * Which plugins run: those that are on by default, those turned on, not those turned off. Immutable.
 *
 * An {@link IllegalArgumentException} says if a name is unknown, or both on and off.
 */
public record AdmissionChoice(List<String> on, List<String> off) {

    public static final AdmissionChoice DEFAULT = new AdmissionChoice(List.of(), List.of());

    public AdmissionChoice {
        on = List.copyOf(on);
        off = List.copyOf(off);
        known("--enable-admission-plugins", on);
        known("--disable-admission-plugins", off);
        for (String name : on) {
            if (off.contains(name)) {
                throw new IllegalArgumentException(
                        "--disable-admission-plugins: \"" + name + "\" is in --enable-admission-plugins too");
            }
        }
    }

    private static void known(String flag, List<String> names) {
        for (String name : names) {
            if (!AdmissionPlugins.ORDER.contains(name)) {
                throw new IllegalArgumentException(flag + ": plugin \"" + name + "\" is unknown; known are "
                        + String.join(", ", AdmissionPlugins.ORDER));
            }
        }
    }

    /** Whether a plugin runs; what has no public name always does. */
    boolean runs(String name) {
        if (off.contains(name)) {
            return false;
        }
        return on.contains(name) || !AdmissionPlugins.OFF_BY_DEFAULT.contains(name);
    }
}
