package io.vertikube.apiserver.flow;

import java.util.ArrayList;
import java.util.List;

/**
 * How the seats of a server are divided among its priority levels: what each has by its shares, what it lends and
 * borrows at most, and what it gets for now, given what it was seen to need (KEP-1040, "Seat Borrowing"). Pure.
 */
final class Seats {

    private static final int STEPS = 40;

    private Seats() {}

    /**
     * What the configuration gives a level.
     *
     * @param least what it keeps whatever others need
     * @param most what it can get if others need nothing
     */
    record Part(int nominal, int least, int most) {}

    /**
     * What a level was seen to need.
     *
     * @param high the most at once since the last look
     * @param smooth the same, remembered for longer
     */
    record Need(double high, double smooth) {
        static final Need NONE = new Need(0, 0);
    }

    static List<Part> parts(List<LevelRule> levels, int all) {
        long sum = Math.max(1, levels.stream().mapToLong(LevelRule::shares).sum());
        var parts = new ArrayList<Part>();
        for (LevelRule level : levels) {
            int nominal = (int) Math.ceilDiv((long) all * level.shares(), sum);
            int lendable = (int) Math.round(nominal * level.lendablePercent() / 100.0);
            int borrowable =
                    level.borrowingPercent() < 0 ? all : (int) Math.round(nominal * level.borrowingPercent() / 100.0);
            parts.add(new Part(nominal, nominal - lendable, Math.min(all, nominal + borrowable)));
        }
        return parts;
    }

    /** What each level gets for now; levels that are exempt take what they need and no more than that is known of. */
    static int[] now(List<LevelRule> levels, List<Part> parts, List<Need> needs, int all) {
        var limits = new double[parts.size()];
        double left = all;
        double least = 0;
        for (int i = 0; i < limits.length; i++) {
            Part part = parts.get(i);
            double floor =
                    Math.max(part.least(), Math.min(part.nominal(), needs.get(i).high()));
            limits[i] = floor;
            if (levels.get(i).exempt()) {
                left -= floor;
            } else {
                least += floor;
            }
        }
        if (least < left) {
            share(levels, parts, needs, limits, left);
        }
        var whole = new int[limits.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) Math.round(limits[i]);
        }
        return whole;
    }

    /** The largest common fraction of what they need that fits; found by halving. */
    private static void share(
            List<LevelRule> levels, List<Part> parts, List<Need> needs, double[] floors, double left) {
        double low = 0;
        double high = Math.max(1, left);
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            if (sum(levels, parts, needs, floors, middle) > left) {
                high = middle;
            } else {
                low = middle;
            }
        }
        for (int i = 0; i < floors.length; i++) {
            if (!levels.get(i).exempt()) {
                floors[i] = given(parts.get(i), needs.get(i), floors[i], low);
            }
        }
    }

    private static double sum(
            List<LevelRule> levels, List<Part> parts, List<Need> needs, double[] floors, double fraction) {
        double sum = 0;
        for (int i = 0; i < floors.length; i++) {
            if (!levels.get(i).exempt()) {
                sum += given(parts.get(i), needs.get(i), floors[i], fraction);
            }
        }
        return sum;
    }

    /** A level that was not seen to need anything still gets a little more than its least where there is plenty. */
    private static double given(Part part, Need need, double floor, double fraction) {
        return Math.min(part.most(), Math.max(floor, fraction * Math.max(1, need.smooth())));
    }
}
