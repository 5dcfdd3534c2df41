package io.vertikube.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/** What {@link Logging} means to Logback. */
final class Logback {

    private Logback() {}

    /** @param loggers a {@link LoggerContext} */
    static void configure(ILoggerFactory loggers, String format, int verbosity) {
        var context = (LoggerContext) loggers;
        context.reset();
        Encoder<ILoggingEvent> encoder = format.equals("json") ? json() : text();
        encoder.setContext(context);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(verbosity > 5 ? Level.DEBUG : Level.WARN);
        root.addAppender(console);
        if (verbosity <= 5) {
            // The etcd client warns of every attempt that the store repeats; the store itself says when it gives up.
            context.getLogger("io.etcd.jetcd").setLevel(Level.ERROR);
        }
        context.getLogger("io.vertikube").setLevel(verbosity > 2 ? Level.DEBUG : Level.INFO);
    }

    /** One object a line: timestamp (ms), level, threadName, loggerName, formattedMessage, kvpList, throwable. */
    private static Encoder<ILoggingEvent> json() {
        var encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%replace( %kvp){'^ $', ''}%n");
        return encoder;
    }
}
