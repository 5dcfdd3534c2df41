package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** A field that is a number or a percentage of a whole, such as {@code 2} or {@code "25%"}. Pure. */
public final class Portion {

    /** What becomes of the fraction that a percentage may leave. */
    public enum Rounding {
        UP,
        DOWN
    }

    private Portion() {}

    /** Whether it is written as a percentage. */
    public static boolean isPercentage(@Nullable IntOrString value) {
        return value != null
                && value.getIntVal() == null
                && value.getStrVal() != null
                && value.getStrVal().endsWith("%");
    }

    /** The number that is meant; {@code absent} where the field is left out or is neither number nor percentage. */
    public static int of(@Nullable IntOrString value, int whole, Rounding rounding, int absent) {
        if (value == null) {
            return absent;
        }
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        String text = value.getStrVal();
        if (text == null || !text.endsWith("%")) {
            return absent;
        }
        try {
            long product = Long.parseLong(text.substring(0, text.length() - 1)) * whole;
            return (int) (rounding == Rounding.UP ? Math.ceilDiv(product, 100L) : Math.floorDiv(product, 100L));
        } catch (NumberFormatException notANumber) {
            return absent;
        }
    }
}
