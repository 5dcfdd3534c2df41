package io.vertikube.apiserver.front;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Packs a body, quickly rather than tightly: whole, or part by part as it is made. Holds no more than what a part has come
 * to. Confined to one thread at a time.
 */
public final class Gzip implements AutoCloseable {

    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private final ByteArrayOutputStream packed;
    private final Fast out;

    public Gzip() {
        this(64 * 1024);
    }

    private Gzip(int size) {
        packed = new ByteArrayOutputStream(size);
        try {
            out = new Fast(packed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Buffer pack(Buffer body) {
        try (var gzip = new Gzip(body.length() / 4)) {
            return gzip.pack(body, true);
        }
    }

    /** What the next part has come to so far, which may be nothing; with the last part all that is left. */
    public Buffer pack(Buffer part, boolean last) {
        try {
            out.write(part.getBytes());
            if (last) {
                out.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Buffer so = Buffer.buffer(packed.toByteArray());
        packed.reset();
        return so;
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
