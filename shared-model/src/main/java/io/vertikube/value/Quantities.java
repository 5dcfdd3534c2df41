package io.vertikube.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/**
 * Resource quantities such as {@code 250m}, {@code 1.5Gi} or {@code 3e6} ("Quantity" in the API reference). Pure
 * functions.
 */
public final class Quantities {

    /** What Kubernetes answers to anything else. */
    public static final String PATTERN_SENTENCE =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("n", BigDecimal.valueOf(1, 9)),
            Map.entry("u", BigDecimal.valueOf(1, 6)),
            Map.entry("m", BigDecimal.valueOf(1, 3)),
            Map.entry("k", BigDecimal.TEN.pow(3)),
            Map.entry("M", BigDecimal.TEN.pow(6)),
            Map.entry("G", BigDecimal.TEN.pow(9)),
            Map.entry("T", BigDecimal.TEN.pow(12)),
            Map.entry("P", BigDecimal.TEN.pow(15)),
            Map.entry("E", BigDecimal.TEN.pow(18)),
            Map.entry("Ki", binary(1)),
            Map.entry("Mi", binary(2)),
            Map.entry("Gi", binary(3)),
            Map.entry("Ti", binary(4)),
            Map.entry("Pi", binary(5)),
            Map.entry("Ei", binary(6)));

    private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final BigInteger THOUSAND = BigInteger.valueOf(1000);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal LARGEST =
            new BigDecimal(BigInteger.TWO.pow(63).subtract(BigInteger.ONE));
    private static final int MAX_LENGTH = 64;

    private Quantities() {}

    /**
     * The exact value; finer than a billionth is rounded up, and what exceeds 2^63-1 is cut to it.
     *
     * @throws IllegalArgumentException with Kubernetes' sentence
     */
    public static BigDecimal parse(String text) {
        int end = 0;
        boolean digits = false;
        boolean dot = false;
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(PATTERN_SENTENCE);
        }
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (c == '.' && !dot) {
                dot = true;
            } else if (!((c == '+' || c == '-') && end == 0)) {
                break;
            }
            end++;
        }
        if (!digits) {
            throw new IllegalArgumentException(PATTERN_SENTENCE);
        }
        var number = new BigDecimal(text.substring(0, end));
        BigDecimal value = number.multiply(multiplier(text.substring(end)));
        if (value.scale() > 9) {
            value = value.setScale(9, value.signum() < 0 ? RoundingMode.DOWN : RoundingMode.UP);
        }
        if (value.abs().compareTo(LARGEST) > 0) {
            value = value.signum() < 0 ? LARGEST.negate() : LARGEST;
        }
        return value;
    }

    /** Whether {@link #parse} takes it. */
    public static boolean isQuantity(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Thousandths, rounded up: {@code "0.1"} is 100. */
    public static long milli(String text) {
        return clamp(parse(text).movePointRight(3));
    }

    /** Whole units, rounded up: {@code "1Ki"} is 1024. */
    public static long value(String text) {
        return clamp(parse(text));
    }

    /** Thousandths of a parsed quantity, rounded up. */
    public static long milli(BigDecimal quantity) {
        return clamp(quantity.movePointRight(3));
    }

    /** Whole units of a parsed quantity, rounded up. */
    public static long value(BigDecimal quantity) {
        return clamp(quantity);
    }

    /**
     * The form in which Kubernetes writes a quantity: no fractions, the largest suffix that needs none, in the family
     * (binary, decimal, exponent) that the text used: {@code 0.5Gi} is {@code 512Mi}, {@code 1000m} is {@code 1}.
     */
    public static String canonical(String text) {
        BigDecimal value = parse(text);
        String suffix = suffix(text);
        if (suffix.endsWith("i") && value.abs().compareTo(BigDecimal.valueOf(1024)) >= 0 && isWhole(value)) {
            return binaryForm(value.toBigIntegerExact());
        }
        if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E') && !suffix.endsWith("i")) {
            return exponentForm(value);
        }
        return decimalForm(value);
    }

    /** A value in decimal form: {@code 1500} thousandths is {@code 1500m}. */
    public static String decimalForm(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigInteger scaled = value.movePointRight(9).setScale(0, RoundingMode.UP).toBigIntegerExact();
        int unit = 0;
        while (unit < DECIMAL.length - 1 && scaled.mod(THOUSAND).signum() == 0) {
            scaled = scaled.divide(THOUSAND);
            unit++;
        }
        return scaled + DECIMAL[unit];
    }

    /** A whole number in binary form: 1536 Ki is {@code 1536Ki}, 2048 Ki is {@code 2Mi}. */
    public static String binaryForm(BigInteger value) {
        BigInteger scaled = value;
        int unit = 0;
        while (unit < BINARY.length - 1
                && scaled.signum() != 0
                && scaled.mod(KIBI).signum() == 0) {
            scaled = scaled.divide(KIBI);
            unit++;
        }
        return scaled + BINARY[unit];
    }

    private static String exponentForm(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigInteger scaled = value.movePointRight(9).setScale(0, RoundingMode.UP).toBigIntegerExact();
        int exponent = -9;
        while (exponent < 18 && scaled.mod(THOUSAND).signum() == 0) {
            scaled = scaled.divide(THOUSAND);
            exponent += 3;
        }
        return exponent == 0 ? scaled.toString() : scaled + "e" + exponent;
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }

    private static String suffix(String text) {
        int end = 0;
        while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return text.substring(end);
    }

    private static BigDecimal multiplier(String suffix) {
        BigDecimal known = SUFFIXES.get(suffix);
        if (known != null) {
            return known;
        }
        if (suffix.length() > 1 && suffix.length() < 6 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
            try {
                int exponent = Integer.parseInt(suffix.substring(1));
                if (Math.abs(exponent) <= 100) {
                    return BigDecimal.ONE.scaleByPowerOfTen(exponent);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(PATTERN_SENTENCE, e);
            }
        }
        throw new IllegalArgumentException(PATTERN_SENTENCE);
    }

    private static BigDecimal binary(int power) {
        return new BigDecimal(BigInteger.TWO.pow(10 * power));
    }

    private static long clamp(BigDecimal value) {
        BigDecimal whole = value.setScale(0, value.signum() < 0 ? RoundingMode.FLOOR : RoundingMode.CEILING);
        if (whole.abs().compareTo(LARGEST) > 0) {
            return whole.signum() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
        return whole.longValueExact();
    }
}
