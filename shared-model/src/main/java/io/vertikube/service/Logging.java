package io.vertikube.service;

import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/**
 * Sets up the log: to standard error, as text or as JSON lines. Called by the process; what a program has that runs a
 * service inside itself and logs with something else than Logback stays as it is.
 */
public final class Logging {

    private static final String OURS = "ch.qos.logback.classic.LoggerContext";

    private Logging() {}

    /**
     * For the first line of a program of ours: Logback as {@link #configure} sets it up, and no search for its files. Does
     * nothing where somebody chose a provider.
     */
    public static void withoutFiles() {
        if (System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) == null) {
            System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, "io.vertikube.service.LogbackAlone");
            // SLF4J says on the terminal that it has read that; warnings stay.
            if (System.getProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY) == null) {
                System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN");
            }
        }
    }

    /**
     * Replaces whatever was set up before.
     *
     * @param format {@code text} or {@code json}
     * @param verbosity 0 to 2 for information, more for debugging
     */
    public static void configure(String format, int verbosity) {
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("--logging-format: \"" + format + "\" is none of text, json");
        }
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        // Logback is named in a class of its own, because a program without it must never load that.
        if (loggers.getClass().getName().equals(OURS)) {
            Logback.configure(loggers, format, verbosity);
        }
    }
}
