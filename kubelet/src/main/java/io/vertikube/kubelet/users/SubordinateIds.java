package io.vertikube.kubelet.users;

import io.vertikube.kubelet.runtime.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which ids a node may give to pods: those that subuid(5) and subgid(5) say are the user kubelet's, else all that are nobody
 * else's. Pure functions of what the files say.
 */
public final class SubordinateIds {

    /** No pod has any below, and ranges are multiples of it. */
    public static final long UNIT = 65536;

    /** Linux has 32 bits for an id, of which the last is nobody's. */
    static final long END = 1L << 32;

    private static final String USER = "kubelet";

    private SubordinateIds() {}

    /**
     * What this node may give.
     *
     * @param etc folder of passwd, subuid and subgid
     * @throws IOException if the files do not say the same, or what they say does not do for so many pods
     */
    public static IdRange read(Path etc, long idsPerPod, int maxPods) throws IOException {
        Set<String> names = names(etc.resolve("passwd"));
        List<IdRange> users = ranges(etc.resolve("subuid"), names);
        List<IdRange> groups = ranges(etc.resolve("subgid"), names);
        if (users.isEmpty() && groups.isEmpty()) {
            return unclaimed(idsPerPod, maxPods);
        }
        if (users.size() > 1 || groups.size() > 1 || !users.equals(groups)) {
            throw problem(etc, "has to be one range, the same in both, but is " + users + " and " + groups);
        }
        IdRange range = users.getFirst();
        if (range.start() % UNIT != 0 || range.start() < UNIT) {
            throw problem(
                    etc, "starts at " + range.start() + ", which is not a multiple of " + UNIT + " from there up");
        }
        if (range.end() > END) {
            throw problem(etc, range + " goes beyond the last id there is, " + (END - 1));
        }
        if (range.length() / idsPerPod < maxPods) {
            throw problem(
                    etc,
                    range.length() + " ids from " + range.start() + " are not enough for " + maxPods + " pods of "
                            + idsPerPod + " each");
        }
        return range;
    }

    /** What a node gives that nobody has told: all but the first, which are the machine's. */
    public static IdRange unclaimed(long idsPerPod, int maxPods) throws IOException {
        long pods = (END - 1) / idsPerPod - 1;
        if (pods < maxPods) {
            throw new IOException("user namespaces: there are ids for " + pods + " pods of " + idsPerPod
                    + " each, not for " + maxPods + ": lower --user-namespaces-ids-per-pod or --max-pods");
        }
        return new IdRange(idsPerPod, pods * idsPerPod);
    }

    private static IOException problem(Path etc, String what) {
        return new IOException("user namespaces: what " + etc.resolve("subuid") + " and " + etc.resolve("subgid")
                + " give the user " + USER + " " + what);
    }

    /** The files may have the user's number for its name. */
    private static Set<String> names(Path passwd) throws IOException {
        Set<String> result = new TreeSet<>(List.of(USER));
        for (String line : lines(passwd)) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2 && fields[0].equals(USER)) {
                result.add(fields[2]);
            }
        }
        return result;
    }

    private static List<IdRange> ranges(Path file, Set<String> names) throws IOException {
        List<IdRange> result = new ArrayList<>();
        for (String line : lines(file)) {
            String[] fields = line.strip().split(":", -1);
            if (names.contains(fields[0])) {
                result.add(range(fields)
                        .orElseThrow(() -> new IOException(
                                "user namespaces: " + file + ": \"" + line + "\" is not user:start:count")));
            }
        }
        return result;
    }

    private static Optional<IdRange> range(String[] fields) {
        try {
            var range = fields.length == 3
                    ? new IdRange(Long.parseLong(fields[1]), Long.parseLong(fields[2]))
                    : new IdRange(0, 0);
            return Optional.of(range).filter(each -> each.length() > 0 && each.start() >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
