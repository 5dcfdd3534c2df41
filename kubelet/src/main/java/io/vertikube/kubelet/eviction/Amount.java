package io.vertikube.kubelet.eviction;

import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.math.BigInteger;

/** So much of something: a quantity, or a part of what there is in all. Immutable. */
public record Amount(long quantity, double part) {

    static final Amount NOTHING = new Amount(0, 0);

    /** Reads {@code 100Mi} or {@code 10%}. */
    public static Amount parse(String text) {
        if (text.endsWith("%")) {
            double percent;
            try {
                percent = Double.parseDouble(text.substring(0, text.length() - 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + text + "\" is no percentage", e);
            }
            if (percent < 0 || percent > 100) {
                throw new IllegalArgumentException("\"" + text + "\" is not between 0% and 100%");
            }
            return new Amount(0, percent / 100);
        }
        if (!Quantities.isQuantity(text) || Quantities.parse(text).signum() < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is neither a quantity such as 100Mi nor a percentage");
        }
        return new Amount(Quantities.value(text), 0);
    }

    /** In units of what there is. */
    public long of(long capacity) {
        return part > 0 ? (long) (capacity * part) : quantity;
    }

    /** As messages write it. */
    static String text(long value, boolean bytes) {
        return bytes
                ? Quantities.binaryForm(BigInteger.valueOf(value))
                : Quantities.decimalForm(BigDecimal.valueOf(value));
    }
}
