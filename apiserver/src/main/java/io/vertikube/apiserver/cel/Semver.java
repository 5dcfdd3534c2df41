package io.vertikube.apiserver.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Optional;

/** A version as semver.org 2.0.0 has it; what was built of it does not count in comparisons. Immutable. */
record Semver(long major, long minor, long patch, String prerelease) implements Comparable<Semver> {

    private static final Pattern FORM =
            Pattern.compile("^(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,17})"
                    + "(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
                    + "(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$");
    private static final Pattern LOOSE = Pattern.compile("^v?0*([0-9]+)(?:\\.0*([0-9]+))?(?:\\.0*([0-9]+))?(.*)$");

    static Optional<Semver> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > 256 || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Semver(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                matcher.group(4) == null ? "" : matcher.group(4)));
    }

    /** Takes a leading v, missing numbers and leading zeros too. */
    static Optional<Semver> parseLoosely(String text) {
        Matcher matcher = LOOSE.matcher(text.trim());
        if (text.length() > 256 || !matcher.matches()) {
            return Optional.empty();
        }
        String minor = matcher.group(2) == null ? "0" : matcher.group(2);
        String patch = matcher.group(3) == null ? "0" : matcher.group(3);
        return parse(matcher.group(1) + "." + minor + "." + patch + matcher.group(4));
    }

    @Override
    public int compareTo(Semver other) {
        int numbers = Long.compare(major, other.major);
        numbers = numbers != 0 ? numbers : Long.compare(minor, other.minor);
        numbers = numbers != 0 ? numbers : Long.compare(patch, other.patch);
        if (numbers != 0 || prerelease.equals(other.prerelease)) {
            return numbers;
        }
        if (prerelease.isEmpty() || other.prerelease.isEmpty()) {
            return prerelease.isEmpty() ? 1 : -1;
        }
        String[] mine = prerelease.split("\\.");
        String[] theirs = other.prerelease.split("\\.");
        for (int i = 0; i < Math.min(mine.length, theirs.length); i++) {
            int part = comparePart(mine[i], theirs[i]);
            if (part != 0) {
                return part;
            }
        }
        return Integer.compare(mine.length, theirs.length);
    }

    private static int comparePart(String left, String right) {
        boolean leftNumber = left.chars().allMatch(Character::isDigit);
        boolean rightNumber = right.chars().allMatch(Character::isDigit);
        if (leftNumber && rightNumber) {
            int length = Integer.compare(left.length(), right.length());
            return length != 0 ? length : Integer.signum(left.compareTo(right));
        }
        if (leftNumber != rightNumber) {
            return leftNumber ? -1 : 1;
        }
        return Integer.signum(left.compareTo(right));
    }
}
