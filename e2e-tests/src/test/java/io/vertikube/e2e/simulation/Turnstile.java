package io.vertikube.e2e.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where all clients wait before they ask: reads pass together, of the writes one at a time, chosen by the seed and by what they
 * say, not by who came first. So the order of writes does not depend on how threads interleave. Safe for any thread.
 */
final class Turnstile {

    /** What differs between two runs of a seed without meaning anything. */
    private static final Pattern OF_THIS_RUN = Pattern.compile("(resourceVersion|timeoutSeconds|continue)=[^&]*");

    /** A request; {@code lot} is its place, {@code number} decides between equals. */
    private record Waiting(boolean reads, long lot, long number, CountDownLatch may) {}

    private final long seed;
    private final TreeSet<Waiting> waiting =
            new TreeSet<>(Comparator.comparingLong(Waiting::lot).thenComparingLong(Waiting::number));
    private final List<CountDownLatch> answers = new ArrayList<>();
    private boolean open = true;
    private long turn;
    private long arrivals;
    private long asking;

    Turnstile(long seed) {
        this.seed = seed;
    }

    /** As long as it is open everybody passes at once. */
    synchronized void open(boolean wide) {
        open = wide;
        if (wide) {
            answers.forEach(CountDownLatch::countDown);
            answers.clear();
            waiting.forEach(one -> one.may.countDown());
            asking += waiting.size();
            waiting.clear();
        }
    }

    /** Waits for his turn. */
    void pass(String who, String method, String path, byte @Nullable [] body) throws InterruptedException {
        Waiting mine = arrive(who, method, path, body);
        try {
            mine.may.await();
        } catch (InterruptedException e) {
            leave(mine);
            throw e;
        }
    }

    private synchronized Waiting arrive(String who, String method, String path, byte @Nullable [] body) {
        if (open) {
            asking++;
            return new Waiting(false, 0, 0, new CountDownLatch(0));
        }
        String what = who + " " + method + " " + OF_THIS_RUN.matcher(path).replaceAll("") + " "
                + (body == null ? "" : Canon.text(body));
        var one = new Waiting(
                method.equals("GET"), lot(seed + " " + turn + " " + what), ++arrivals, new CountDownLatch(1));
        waiting.add(one);
        return one;
    }

    private synchronized void leave(Waiting one) {
        if (!waiting.remove(one)) {
            asking--;
        }
    }

    /** Somebody has his answer, and takes note of it when all others have heard by their watches what came of it. */
    void answered() {
        CountDownLatch mine = new CountDownLatch(1);
        synchronized (this) {
            asking--;
            if (open) {
                return;
            }
            answers.add(mine);
        }
        try {
            mine.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many have passed and have no answer yet. */
    synchronized long asking() {
        return asking;
    }

    /** How many wait for their turn. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** How many have an answer and have not taken note of it. */
    synchronized int answers() {
        return answers.size();
    }

    private static long lot(String text) {
        return ByteBuffer.wrap(Canon.digest().digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /** Lets those go on who have their answer, else all reads, else one write. Returns false if nobody waits. */
    synchronized boolean next() {
        if (!answers.isEmpty()) {
            answers.forEach(CountDownLatch::countDown);
            answers.clear();
            return true;
        }
        List<Waiting> chosen =
                new ArrayList<>(waiting.stream().filter(Waiting::reads).toList());
        if (chosen.isEmpty() && !waiting.isEmpty()) {
            chosen.add(waiting.first());
        }
        turn += chosen.isEmpty() ? 0 : 1;
        for (Waiting one : chosen) {
            waiting.remove(one);
            asking++;
            one.may.countDown();
        }
        return !chosen.isEmpty();
    }
}
