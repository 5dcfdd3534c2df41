package io.vertikube.apiserver.flow;

import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.RequestInfo;
import java.util.function.ToLongFunction;

/**
 * How many seats a request takes: one, but lists and the first events of a watch one for every hundred objects that are
 * gone through ("Seats Occupied by a Request" in the documentation of API Priority and Fairness, KEP-1040). Pure, apart
 * from the count of what is stored.
 */
final class Width {

    /** The most seats of any request at any level. */
    static final int MOST = 10;

    private static final int OBJECTS_PER_SEAT = 100;
    private static final double LARGEST_PART = 0.15;

    private Width() {}

    /**
     * @param most what the level lets one request take
     * @param stored how many objects of a type there are, in the request's namespace if it names one
     */
    static int of(RequestInfo info, Query query, int most, ToLongFunction<RequestInfo> stored) {
        boolean many =
                switch (info.verb()) {
                    case "list" -> true;
                    case "watch" -> query.flag("sendInitialEvents");
                    default -> false;
                };
        if (!many || most == 1 || !info.resourceRequest() || oneName(info, query)) {
            return 1;
        }
        return Math.clamp(Math.ceilDiv(objects(info, query, stored), OBJECTS_PER_SEAT), 1, most);
    }

    /** A page needs no look at the rest, unless those that belong to it have to be found first. */
    private static long objects(RequestInfo info, Query query, ToLongFunction<RequestInfo> stored) {
        long all = stored.applyAsLong(info);
        boolean selected = query.has("labelSelector") || query.has("fieldSelector");
        long limit = info.verb().equals("list") && !selected ? number(query.text("limit")) : 0;
        return limit > 0 ? Math.min(limit, all) : all;
    }

    private static boolean oneName(RequestInfo info, Query query) {
        return !info.name().isEmpty() || query.text("fieldSelector").startsWith("metadata.name=");
    }

    /** What is no number is refused by whoever answers the request. */
    private static long number(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The most that one request takes at a level: ten, and so few that several fit side by side. */
    static int most(LevelRule level, int nominal) {
        if (level.exempt()) {
            return 1;
        }
        double most = Math.min(MOST, LARGEST_PART * nominal);
        if (level.handSize() > 0) {
            most = Math.min(most, (double) nominal / level.handSize());
        }
        return Math.max(1, (int) most);
    }
}
