package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** An event a line, to a file that is turned over or to another stream. Confined to the thread of {@link AuditQueue}. */
final class LogSink implements AuditSink {

    private final @Nullable RotatedFile file;
    private final OutputStream out;

    /** To a stream that stays open, such as standard output. */
    LogSink(OutputStream out) {
        this.file = null;
        this.out = out;
    }

    LogSink(RotatedFile file) {
        this.file = file;
        this.out = file;
    }

    @Override
    public void write(ObjectNode event) {
        byte[] json = Json.bytes(event);
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("--audit-log-path: " + e.getMessage(), e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("--audit-log-path: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            out.flush();
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("--audit-log-path: " + e.getMessage(), e);
        }
    }
}
