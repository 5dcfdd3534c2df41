package io.vertikube.apiserver.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that gets a new beginning when it is full: what was in it is kept beside it ({@link Backups}), as many and as
 * long as is said. Writes are whole lines, which are never split over two files. Confined to one thread; packing is done
 * on a virtual thread of its own, so that a full file holds up nobody.
 */
final class RotatedFile extends OutputStream {

    private static final Logger LOG = LoggerFactory.getLogger(RotatedFile.class);

    /**
     * @param mostBytes of one file
     * @param mostBackups kept beside it; 0 for any number
     * @param longest how long they are kept; zero for ever
     * @param packed whether they are packed with gzip
     */
    record Keeping(long mostBytes, int mostBackups, Duration longest, boolean packed) {}

    private final Path file;
    private final Keeping keeping;
    private final Backups backups;
    private OutputStream out;
    private long written;
    private @Nullable Thread packing;

    RotatedFile(Path file, Keeping keeping, InstantSource clock) throws IOException {
        this.file = file.toAbsolutePath();
        this.keeping = keeping;
        this.backups = new Backups(this.file, clock);
        Path folder = this.file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        this.out = open();
        this.written = Files.size(this.file);
        tidy();
    }

    private OutputStream open() throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] line, int from, int length) throws IOException {
        if (written > 0 && written + length > keeping.mostBytes()) {
            turnOver();
        }
        out.write(line, from, length);
        written += length;
    }

    private void turnOver() throws IOException {
        out.close();
        awaitPacking();
        Files.move(file, backups.next());
        out = open();
        written = 0;
        tidy();
    }

    private void tidy() throws IOException {
        backups.remove(keeping.mostBackups(), keeping.longest());
        if (keeping.packed()) {
            packing = Thread.ofVirtual().name("audit-log-compress").start(this::pack);
        }
    }

    private void pack() {
        try {
            backups.pack();
        } catch (IOException e) {
            LOG.warn("--audit-log-compress: a full audit log stays as it is: {}", e.getMessage());
        }
    }

    /** The files beside the log belong to one thread at a time; a log that fills faster than it packs waits here. */
    private void awaitPacking() {
        Thread running = packing;
        if (running == null) {
            return;
        }
        packing = null;
        try {
            running.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        awaitPacking();
        out.close();
    }
}
