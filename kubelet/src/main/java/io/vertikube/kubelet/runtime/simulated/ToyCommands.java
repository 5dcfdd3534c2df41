package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.Mount;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The commands that simulated containers have: {@code true}, {@code false}, {@code echo [-n]}, {@code cat [file]} (files
 * of mounted volumes only), {@code env}, {@code printenv NAME}, {@code hostname}, {@code pwd}, {@code date}, {@code sleep},
 * {@code seq}, {@code head -c BYTES /dev/zero}, {@code wc -c} (of its input), {@code stty size}, {@code tty}. Stateless.
 */
final class ToyCommands {

    private static final Set<String> NAMES = Set.of(
            "true",
            ":",
            "false",
            "echo",
            "cat",
            "env",
            "printenv",
            "hostname",
            "pwd",
            "date",
            "sleep",
            "seq",
            "head",
            "wc",
            "stty",
            "tty",
            "exit");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT);
    private static final int BLOCK = 32 * 1024;
    private static final long MOST_NUMBERS = 1_000_000;

    private ToyCommands() {}

    static boolean knows(String name) {
        return NAMES.contains(name);
    }

    /** Runs one command; empty if there is none of this name. */
    static OptionalInt run(String name, List<String> words, ToyProcess process, Map<String, String> env)
            throws IOException, InterruptedException {
        return switch (name) {
            case "true", ":" -> OptionalInt.of(0);
            case "false" -> OptionalInt.of(1);
            case "exit" -> OptionalInt.of(words.isEmpty() ? 0 : (int) decimal(words.getFirst()) & 0xff);
            case "echo" -> echo(words, process);
            case "cat" -> cat(words, process);
            case "env" -> {
                for (Map.Entry<String, String> entry : env.entrySet()) {
                    if (!entry.getKey().equals("?")) {
                        print(process.out(), entry.getKey() + "=" + entry.getValue() + "\n");
                    }
                }
                yield OptionalInt.of(0);
            }
            case "printenv" -> {
                String value = words.isEmpty() ? null : env.get(words.getFirst());
                yield value == null ? OptionalInt.of(1) : said(process, value);
            }
            case "hostname" -> said(process, process.hostname());
            case "pwd" -> said(process, "/");
            case "date" -> said(process, DATE.format(process.clock().instant().atOffset(ZoneOffset.UTC)));
            case "sleep" -> sleep(words);
            case "seq" -> seq(words, process);
            case "head" -> head(words, process);
            case "wc" -> said(process, Long.toString(process.in().transferTo(OutputStream.nullOutputStream())));
            case "stty" -> {
                String size = process.terminal().get();
                yield size.isEmpty() ? failed(process, "stty: standard input: not a terminal") : said(process, size);
            }
            case "tty" ->
                process.terminal().get().isEmpty()
                        ? OptionalInt.of(said(process, "not a tty").getAsInt() + 1)
                        : said(process, "/dev/pts/0");
            default -> OptionalInt.empty();
        };
    }

    private static OptionalInt echo(List<String> words, ToyProcess process) throws IOException {
        boolean bare = !words.isEmpty() && words.getFirst().equals("-n");
        print(process.out(), String.join(" ", bare ? words.subList(1, words.size()) : words) + (bare ? "" : "\n"));
        return OptionalInt.of(0);
    }

    private static OptionalInt cat(List<String> words, ToyProcess process) throws IOException {
        if (words.isEmpty() || words.getFirst().equals("-")) {
            copy(process.in(), process.out());
            return OptionalInt.of(0);
        }
        for (String name : words) {
            Optional<Path> file = mounted(name, process.mounts());
            if (file.isEmpty()) {
                return failed(process, "cat: can't open '" + name + "': No such file or directory");
            }
            Files.copy(file.get(), process.out());
        }
        return OptionalInt.of(0);
    }

    /** The file of the machine that a path inside the container names, if a mount holds it. */
    private static Optional<Path> mounted(String name, List<Mount> mounts) throws IOException {
        Path wanted = Path.of(name).normalize();
        for (Mount mount : mounts) {
            Path inside = Path.of(mount.containerPath());
            if (!wanted.startsWith(inside) || mount.image().isPresent()) {
                continue;
            }
            Path host = Path.of(mount.hostPath());
            Path file = wanted.equals(inside) ? host : host.resolve(inside.relativize(wanted));
            if (Files.isRegularFile(file) && file.toRealPath().startsWith(host.toRealPath())) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static OptionalInt sleep(List<String> words) throws InterruptedException {
        String time = words.isEmpty() ? "0" : words.getFirst();
        if (time.startsWith("inf")) {
            new CountDownLatch(1).await();
        }
        Thread.sleep(Duration.ofMillis((long) (1000 * decimal(time) * factor(time))));
        return OptionalInt.of(0);
    }

    private static int factor(String time) {
        return switch (time.charAt(time.length() - 1)) {
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86400;
            default -> 1;
        };
    }

    private static OptionalInt seq(List<String> words, ToyProcess process) throws IOException {
        long first = words.size() > 1 ? (long) decimal(words.getFirst()) : 1;
        long last = words.isEmpty() ? 0 : (long) decimal(words.getLast());
        for (long i = first; i <= last && i - first < MOST_NUMBERS; i++) {
            print(process.out(), i + "\n");
        }
        return OptionalInt.of(0);
    }

    private static OptionalInt head(List<String> words, ToyProcess process) throws IOException {
        if (words.size() < 2 || !words.getFirst().equals("-c")) {
            return failed(process, "head: only head -c BYTES [/dev/zero] is simulated");
        }
        long left = (long) decimal(words.get(1));
        byte[] block = new byte[BLOCK];
        boolean zeros = words.getLast().equals("/dev/zero");
        while (left > 0) {
            int most = (int) Math.min(left, BLOCK);
            int count = zeros ? most : process.in().read(block, 0, most);
            if (count < 0) {
                break;
            }
            process.out().write(block, 0, count);
            left -= count;
        }
        return OptionalInt.of(0);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int count = in.read(block); count >= 0; count = in.read(block)) {
            out.write(block, 0, count);
            out.flush();
        }
    }

    private static OptionalInt said(ToyProcess process, String line) throws IOException {
        print(process.out(), line + "\n");
        return OptionalInt.of(0);
    }

    private static OptionalInt failed(ToyProcess process, String line) throws IOException {
        print(process.err(), line + "\n");
        return OptionalInt.of(1);
    }

    private static void print(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
    }

    static double decimal(String text) {
        String digits = text.strip().replaceAll("[^0-9.].*$", "");
        try {
            return digits.isEmpty() ? 0 : Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
