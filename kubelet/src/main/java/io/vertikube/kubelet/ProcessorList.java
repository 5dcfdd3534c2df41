package io.vertikube.kubelet;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processors as the kernel lists them, such as {@code 0-3,7}. Pure functions. */
final class ProcessorList {

    private static final Pattern PART = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    private ProcessorList() {}

    /**
     * Which a text names.
     *
     * @throws IllegalArgumentException naming the flag if the text is no such list
     */
    static BitSet parse(String flag, String text) {
        var numbers = new BitSet();
        for (String part : text.split(",", -1)) {
            Matcher range = PART.matcher(part.strip());
            if (!range.matches()) {
                throw new IllegalArgumentException(flag + ": \"" + text + "\" is no list of processors such as 0-1,3");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw new IllegalArgumentException(flag + ": \"" + part.strip() + "\": the end is before the start");
            }
            numbers.set(first, last + 1);
        }
        return numbers;
    }
}
