package io.vertikube.apiserver.table;

import java.util.List;

/** The first few of many. Pure. */
final class Some {

    /** How many are shown. */
    static final int SHOWN = 3;

    private Some() {}

    /** {@code a,b,c + 2 more...}, or the word for nothing. */
    static String of(List<String> all, String otherwise) {
        if (all.isEmpty()) {
            return otherwise;
        }
        String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }
}
