package io.vertikube.apiserver.resource.apps;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;

/** Amounts that are a number or a percentage, as rolling updates and budgets have them. Pure. */
public final class ScaleRules {

    private static final String PERCENT_SENTENCE =
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used"
                    + " for validation is '[0-9]+%')";

    private ScaleRules() {}

    /** A number that is not negative, or a percentage. */
    public static void amount(Place amount, Problems problems) {
        if (amount.node().isTextual()) {
            if (!isPercent(amount)) {
                problems.invalid(amount, PERCENT_SENTENCE);
            }
        } else {
            problems.notNegative(amount);
        }
    }

    /** At most 100 %. */
    public static void notOverAll(Place amount, Problems problems) {
        if (isPercent(amount) && percent(amount) > 100) {
            problems.invalid(amount, "must not be greater than 100%");
        }
    }

    public static boolean isZero(Place amount) {
        return amount.node().isTextual() ? isPercent(amount) && percent(amount) == 0 : amount.number(0) == 0;
    }

    private static boolean isPercent(Place amount) {
        return amount.text().matches("[0-9]{1,9}%");
    }

    private static long percent(Place amount) {
        return Long.parseLong(amount.text().substring(0, amount.text().length() - 1));
    }
}
