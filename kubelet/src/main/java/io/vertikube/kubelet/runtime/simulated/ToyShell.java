package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.simulated.ToyScript.Statement;
import io.vertikube.kubelet.runtime.simulated.ToyScript.Unsupported;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/**
 * Runs what manifests and tests use to make a container do something: the commands of {@link ToyCommands}, alone or in a
 * script behind {@code sh -c} with {@code ;}, {@code &&}, {@code ||}, {@code while}, {@code until}, {@code for} and
 * variables; {@code sh} alone takes scripts from its input, line by line. Confined to the thread that runs it.
 */
final class ToyShell {

    private static final int MISSING = 127;
    private static final int MOST_LINE = 64 * 1024;

    private final ToyProcess process;
    private final Map<String, String> variables;
    private OptionalInt exit = OptionalInt.empty();

    ToyShell(ToyProcess process) {
        this(process, new HashMap<>(process.env()));
    }

    private ToyShell(ToyProcess process, Map<String, String> variables) {
        this.process = process;
        this.variables = variables;
    }

    /** Whether a command that a person wants to run is there at all. */
    static boolean knows(List<String> line) {
        return ToyCommands.knows(base(line.getFirst())) || isShell(line);
    }

    /** Runs a command line to its end and answers its exit code. */
    int run(List<String> line) throws IOException, InterruptedException {
        if (line.isEmpty()) {
            return unknown("");
        }
        if (!isShell(line)) {
            return command(line, process);
        }
        int option = line.indexOf("-c");
        if (option > 0 && option + 1 < line.size()) {
            return script(line.get(option + 1));
        }
        return line.size() > 1
                        && !line.getLast().startsWith("-")
                        && !base(line.getFirst()).equals("busybox")
                ? unknown(line.getLast())
                : interactive();
    }

    private static String base(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static boolean isShell(List<String> line) {
        return switch (base(line.getFirst())) {
            case "sh", "bash", "ash" -> true;
            case "busybox" -> line.size() > 1 && line.get(1).equals("sh");
            default -> false;
        };
    }

    private int script(String text) throws IOException, InterruptedException {
        List<Statement> statements;
        try {
            statements = ToyScript.parse(text);
        } catch (Unsupported e) {
            return unknown(String.valueOf(e.getMessage()));
        }
        int code = all(statements);
        return exit.orElse(code);
    }

    /** Lines of input until its end or {@code exit}; with a terminal there is a prompt. */
    private int interactive() throws IOException, InterruptedException {
        int code = 0;
        while (exit.isEmpty()) {
            if (!process.terminal().get().isEmpty()) {
                print(process.out(), "$ ");
            }
            Optional<String> line = line();
            if (line.isEmpty()) {
                return code;
            }
            code = script(line.get());
        }
        return exit.getAsInt();
    }

    private Optional<String> line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        int next = process.in().read();
        while (next >= 0 && next != '\n' && bytes.size() < MOST_LINE) {
            bytes.write(next);
            next = process.in().read();
        }
        return next < 0 && bytes.size() == 0 ? Optional.empty() : Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }

    private int all(List<Statement> statements) throws IOException, InterruptedException {
        int code = 0;
        for (Statement statement : statements) {
            boolean due =
                    switch (statement.when()) {
                        case ALWAYS -> true;
                        case SUCCESS -> code == 0;
                        case FAILURE -> code != 0;
                    };
            if (due) {
                code = one(statement);
                variables.put("?", Integer.toString(code));
            }
            if (exit.isPresent()) {
                return exit.getAsInt();
            }
        }
        return code;
    }

    private int one(Statement statement) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return switch (statement) {
            case Statement.Simple simple -> simple(simple);
            case Statement.While loop -> {
                int code = 0;
                while ((all(loop.condition()) == 0) != loop.until() && exit.isEmpty()) {
                    code = all(loop.body());
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                yield code;
            }
            case Statement.For loop -> {
                int code = 0;
                for (String value : words().all(loop.words())) {
                    variables.put(loop.name(), value);
                    code = exit.isEmpty() ? all(loop.body()) : code;
                }
                yield code;
            }
        };
    }

    private int simple(Statement.Simple simple) throws IOException, InterruptedException {
        List<String> written = simple.words();
        int first = 0;
        while (first < written.size() && written.get(first).matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
            String[] parts = written.get(first).split("=", 2);
            variables.put(parts[0], words().one(parts[1]));
            first++;
        }
        List<String> line = words().all(written.subList(first, written.size()));
        if (line.isEmpty()) {
            return 0;
        }
        if (line.getFirst().equals("exit")) {
            int code = line.size() > 1 ? (int) ToyCommands.decimal(line.get(1)) & 0xff : lastCode();
            exit = OptionalInt.of(code);
            return code;
        }
        if (line.getFirst().equals("exec") && line.size() > 1) {
            int code = command(line.subList(1, line.size()), process);
            exit = OptionalInt.of(code);
            return code;
        }
        return switch (simple.output()) {
            case OUT -> command(line, process);
            case ERR -> command(line, process.printingTo(process.err()));
            case NOWHERE -> command(line, process.printingTo(OutputStream.nullOutputStream()));
        };
    }

    private int lastCode() {
        return Integer.parseInt(variables.getOrDefault("?", "0"));
    }

    private ToyWords words() {
        return new ToyWords(variables, script -> {
            var printed = new ByteArrayOutputStream();
            new ToyShell(process.printingTo(printed), new HashMap<>(variables)).script(script);
            return printed.toString(StandardCharsets.UTF_8);
        });
    }

    private int command(List<String> line, ToyProcess with) throws IOException, InterruptedException {
        if (isShell(line)) {
            return new ToyShell(with, new HashMap<>(variables)).run(line);
        }
        OptionalInt code = ToyCommands.run(base(line.getFirst()), line.subList(1, line.size()), with, variables);
        return code.isPresent() ? code.getAsInt() : unknown(line.getFirst());
    }

    private int unknown(String what) throws IOException, InterruptedException {
        return switch (process.unknown()) {
            case SERVES -> {
                print(process.out(), "simulated: runs until it is stopped\n");
                new CountDownLatch(1).await();
                yield 0;
            }
            case SUCCEEDS -> 0;
            case MISSING -> {
                print(process.err(), "sh: " + what + ": not found\n");
                yield MISSING;
            }
        };
    }

    private static void print(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
