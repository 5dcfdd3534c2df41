package io.vertikube.service;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Runs a command line as a process should: 2 and a sentence for a bad flag, 1 and a sentence for a failure, a clean stop
 * on SIGTERM and SIGINT.
 */
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    /** Parses and runs; answers the exit code. */
    public static int run(CommandLine command, String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> LOG.error("thread {} ended unexpectedly", thread.getName(), failure));
        command.setExecutionExceptionHandler((failure, cmd, parsed) -> failed(cmd, failure));
        command.setParameterExceptionHandler((wrong, args) -> {
            CommandLine cmd = wrong.getCommandLine();
            cmd.getErr().println(cmd.getCommandName() + ": " + wrong.getMessage());
            cmd.getErr().println("See '" + cmd.getCommandSpec().qualifiedName() + " --help'.");
            return 2;
        });
        try {
            applyConfigFile(command, arguments);
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof NoSuchFileException ? "no such file: " + e.getMessage() : e.getMessage();
            command.getErr().println(command.getCommandName() + ": --config: " + why);
            return 2;
        }
        return command.execute(arguments);
    }

    /** Closes a service when the process is told to end, and waits until then. */
    public static void awaitStop(RunningService service) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            LOG.info("{} stops", service.name());
            service.close();
            stopped.countDown();
        }));
        stopped.await();
    }

    private static int failed(CommandLine command, Exception failure) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandName() + ": " + sentence(failure));
        LOG.debug("failed", failure);
        return failure instanceof IllegalArgumentException ? 2 : 1;
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** A file named by --config gives defaults to the (sub)command that is being called. */
    private static void applyConfigFile(CommandLine command, String... arguments) throws IOException {
        List<String> args = List.of(arguments);
        CommandLine target = command;
        for (String argument : args) {
            CommandLine sub = target.getSubcommands().get(argument);
            if (sub != null) {
                target = sub;
            }
        }
        if (target.getCommandSpec().findOption("--config") == null) {
            return;
        }
        for (int i = 0; i < args.size(); i++) {
            String argument = args.get(i);
            if (argument.startsWith("--config=")) {
                setDefaults(target, Path.of(argument.substring("--config=".length())));
            } else if (argument.equals("--config") && i + 1 < args.size()) {
                setDefaults(target, Path.of(args.get(i + 1)));
            }
        }
    }

    private static void setDefaults(CommandLine target, Path file) throws IOException {
        target.setDefaultValueProvider(ConfigFileDefaults.read(file, target.getCommandSpec()));
    }
}
