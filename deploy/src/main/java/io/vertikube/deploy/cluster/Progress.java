package io.vertikube.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the one who started the cluster how far it is: lines {@code step WORDS}, {@code ready WORDS} or
 * {@code failed WORDS} in a file that is followed. Safe for any thread.
 */
public final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private final @Nullable Path file;

    /**
     * Makes one.
     *
     * @param file null to tell the log only
     */
    public Progress(@Nullable Path file) {
        this.file = file;
    }

    public void step(String words) {
        tell("step", words);
    }

    public void ready(String words) {
        tell("ready", words);
    }

    public void failed(String words) {
        tell("failed", words);
    }

    private synchronized void tell(String kind, String words) {
        LOG.info("{}", words);
        if (file == null) {
            return;
        }
        try {
            String line = kind + " " + words.replace('\n', ' ') + "\n";
            Files.write(
                    file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write progress to " + file, e);
        }
    }
}
