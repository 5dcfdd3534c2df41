package io.vertikube.kubelet.runtime.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a container's own process prints on one stream: lines of its log, and bytes for those who are attached, who can
 * hold it up as with a pipe. Written by the process and by the simulated listeners.
 */
final class ContainerOutput extends OutputStream {

    private final String stream;
    private final CriLog log;
    private final List<BytePipe> attached = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    ContainerOutput(String stream, CriLog log) {
        this.stream = stream;
        this.log = log;
    }

    void attach(BytePipe pipe) {
        attached.add(pipe);
    }

    void detach(BytePipe pipe) {
        attached.remove(pipe);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        logged(bytes, from, length);
        for (BytePipe pipe : attached) {
            try {
                pipe.write(Arrays.copyOfRange(bytes, from, from + length));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the process was ended");
            }
        }
    }

    private synchronized void logged(byte[] bytes, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                flushed(true);
            } else {
                line.write(bytes[i]);
                if (line.size() == CriLog.LONGEST) {
                    flushed(false);
                }
            }
        }
    }

    private void flushed(boolean whole) throws IOException {
        log.append(stream, whole, line.toByteArray(), line.size());
        line.reset();
    }

    /** The process is over: a line without end is still logged, and whoever is attached sees the end. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (line.size() > 0) {
                flushed(false);
            }
        }
        attached.forEach(BytePipe::end);
    }
}
