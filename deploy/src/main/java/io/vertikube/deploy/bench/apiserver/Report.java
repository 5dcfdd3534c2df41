package io.vertikube.deploy.bench.apiserver;

import io.vertikube.deploy.bench.load.Measured;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The figures as a table, beside those that were measured of kube-apiserver 1.20 with its etcd and the load generator
 * together on 2 cores. Confined to one thread.
 */
final class Report {

    static final double KUBE_CREATES = 1_700;
    static final double KUBE_GETS = 4_900;
    static final double KUBE_LISTS = 52;
    static final double KUBE_FULL_LIST_MEGABYTES = 72;
    static final double KUBE_EMPTY_MEGABYTES = 325;
    static final double KUBE_FULL_MEGABYTES = 2_500;
    static final double KUBE_READY_SECONDS = 4;

    private final PrintStream out;
    private final long began = System.nanoTime();
    private final List<String> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /** A line with the time since the beginning, at once. */
    void step(String words) {
        double seconds = (System.nanoTime() - began) / 1e9;
        out.printf(Locale.ROOT, "%7.3f s  %s%n", seconds, words);
        out.flush();
    }

    /** @param kube the rate that kube-apiserver was seen to reach, or 0 for none */
    void add(Measured measured, double kube) {
        add(measured, measured.rate(), kube);
    }

    /** The same, compared by bytes: full lists are as large as there are pods. */
    void addByBytes(Measured measured, double kubeMegabytes) {
        add(measured, measured.megabytesPerSecond(), kubeMegabytes);
    }

    private void add(Measured measured, double compared, double kube) {
        step(measured.name() + ": " + number(measured.rate()) + "/s");
        rows.add(String.format(
                Locale.ROOT,
                "%-28s %10s/s %8s %9s %9s %9s %9s %8s",
                measured.name(),
                number(measured.rate()),
                measured.bytes() == 0 ? "" : number(measured.megabytesPerSecond()),
                millis(measured.latencies().percentile(50)),
                millis(measured.latencies().percentile(99)),
                measured.serverMicros() < 0 ? "" : number(measured.serverMicrosEach()),
                number(measured.ownMicrosEach()),
                kube == 0 ? "" : String.format(Locale.ROOT, "%.2fx", compared / kube)));
        if (measured.failures() > 0) {
            note(measured.name() + ": " + measured.failures() + " requests failed, the first with "
                    + measured.firstFailure());
        }
    }

    /** A figure of the server as a whole, smaller being better. */
    void addFigure(String name, @Nullable Double value, String unit, double kube) {
        if (value == null) {
            return;
        }
        step(name + ": " + number(value) + " " + unit);
        rows.add(String.format(
                Locale.ROOT,
                "%-28s %10s %-3s %54s",
                name,
                number(value),
                unit,
                kube == 0 ? "" : String.format(Locale.ROOT, "%.2fx", value / kube)));
    }

    /** A sentence below the table. */
    void note(String words) {
        notes.add(words);
    }

    void print() {
        out.println();
        out.printf(
                "%-28s %12s %8s %9s %9s %9s %9s %8s%n",
                "", "rate", "MB/s", "p50 ms", "p99 ms", "server µs", "load µs", "vs kube");
        rows.forEach(out::println);
        if (!notes.isEmpty()) {
            out.println();
            notes.forEach(out::println);
        }
        out.flush();
    }

    private static String millis(long nanos) {
        return number(nanos / 1e6);
    }

    private static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
