package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeFailure.Kind;
import io.vertikube.kubelet.runtime.StreamOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs commands in simulated containers: to their end for probes and hooks, with streams for people. Stateless. */
final class SimulatedExec {

    private static final int MOST_OUTPUT = 64 * 1024;

    private SimulatedExec() {}

    /** A probe or a hook: what nobody has simulated works, and output is cut. */
    static ExecResult run(SimulatedContainer container, List<String> command, Duration timeout) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var code = new AtomicInteger(SimulatedContainer.KILLED);
        var process = container.process(
                InputStream.nullInputStream(), cut(out), cut(err), () -> "", ToyProcess.Unknown.SUCCEEDS);
        Thread thread = Thread.ofVirtual().name("simulated-exec").start(() -> {
            try {
                code.set(container.visit(process, command));
            } catch (IOException e) {
                code.set(1);
            }
        });
        try {
            if (!thread.join(timeout)) {
                thread.interrupt();
                throw new RuntimeFailure(Kind.TIMEOUT, "command timed out after " + timeout);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        return new ExecResult(code.get(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A command with streams: what nobody has simulated is not there. */
    static CommandSession session(SimulatedContainer container, List<String> command, StreamOptions streams) {
        return new CommandSession(streams, (in, out, err, terminal) -> {
            if (!ToyShell.knows(command)) {
                throw new CommandSession.NotStarted(
                        "error executing command in container: failed to exec in container: exec: \""
                                + command.getFirst() + "\": executable file not found in $PATH");
            }
            return container.visit(container.process(in, out, err, terminal, ToyProcess.Unknown.MISSING), command);
        });
    }

    /** The streams of the container's own process, from now until it ends. */
    static CommandSession attachment(SimulatedContainer container, StreamOptions streams) {
        return new CommandSession(streams, (in, out, err, terminal) -> {
            var printed = new BytePipe();
            var complained = new BytePipe();
            Thread typing = Thread.ofVirtual().name("simulated-attach-in").start(() -> type(in, container));
            Thread errors = Thread.ofVirtual().name("simulated-attach-err").start(() -> pour(complained, err));
            container.stdout().attach(printed);
            container.stderr().attach(complained);
            try {
                if (container.state() != io.vertikube.kubelet.runtime.ContainerState.RUNNING) {
                    printed.end();
                    complained.end();
                }
                for (Optional<byte[]> next = printed.take(); next.isPresent(); next = printed.take()) {
                    out.write(next.get());
                }
                errors.join();
                return 0;
            } finally {
                container.stdout().detach(printed);
                container.stderr().detach(complained);
                printed.abandon();
                complained.abandon();
                typing.interrupt();
            }
        });
    }

    private static void type(InputStream in, SimulatedContainer container) {
        byte[] block = new byte[8192];
        try {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                container.stdin().write(java.util.Arrays.copyOf(block, count));
            }
            if (container.config().stdinOnce()) {
                container.stdin().end();
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pour(BytePipe from, OutputStream to) {
        try {
            for (Optional<byte[]> next = from.take(); next.isPresent(); next = from.take()) {
                to.write(next.get());
            }
        } catch (IOException | InterruptedException e) {
            from.abandon();
        }
    }

    private static OutputStream cut(ByteArrayOutputStream into) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                if (into.size() < MOST_OUTPUT) {
                    into.write(one);
                }
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                into.write(bytes, from, Math.min(length, MOST_OUTPUT - into.size()));
            }
        };
    }
}
