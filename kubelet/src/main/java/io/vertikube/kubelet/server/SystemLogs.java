package io.vertikube.kubelet.server;

import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.value.PercentCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The machine's own logs, folder by folder ({@code enableSystemLogHandler}). Who may write below the folder, as a pod with a
 * hostPath may, cannot have anything else read by a link. Safe for any thread.
 */
final class SystemLogs {

    private static final int BLOCK = 64 * 1024;
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Optional<Path> folder;

    /** @param folder empty: nobody may */
    SystemLogs(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Where what was found goes. Any thread's, one call. */
    interface Reader {
        void listing(String html) throws IOException;

        /** The same with a slash, as a listing's links are below it. */
        void moved(String location) throws IOException;

        void file(String name, InputStream content) throws IOException;
    }

    /**
     * Reads what is at a path.
     *
     * @param path below the folder; one of a folder ends in a slash
     * @throws HttpProblem if there is nothing to be read
     */
    void read(String path, Reader reader) throws IOException {
        if (folder.isEmpty()) {
            throw new HttpProblem(405, "logs endpoint is disabled.");
        }
        try {
            Path root = folder.get().toRealPath();
            Path real = root.resolve(path.replaceFirst("^/+", "")).toRealPath();
            String below = root.relativize(real).toString();
            if (!real.startsWith(root)
                    || !Mounts.lookBeneath(root, below.isEmpty() ? "." : below, found -> read(path, found, reader))) {
                throw notFound();
            }
        } catch (FileSystemException | InvalidPathException e) {
            throw notFound();
        }
    }

    private static void read(String path, Path found, Reader reader) throws IOException {
        boolean asFolder = path.isEmpty() || path.endsWith("/");
        String name = path.substring(path.lastIndexOf('/', path.length() - 2) + 1);
        if (Files.isDirectory(found)) {
            if (asFolder) {
                reader.listing(listing(found));
            } else {
                reader.moved(encoded(name) + "/");
            }
        } else if (Files.isRegularFile(found) && !asFolder) {
            try (InputStream content = Files.newInputStream(found)) {
                reader.file(name, content);
            }
        } else {
            throw notFound();
        }
    }

    private static String listing(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""))
                    .sorted()
                    .map(name -> "<a href=\"" + encoded(name) + "\">" + escaped(name) + "</a>\n")
                    .collect(Collectors.joining("", "<pre>\n", "</pre>\n"));
        }
    }

    /** A name with a colon in it would be a scheme. */
    private static String encoded(String name) {
        String text = PercentCode.encode(name).replace("%2F", "/");
        return text.contains("%3A") ? "./" + text : text;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;");
    }

    private static HttpProblem notFound() {
        return new HttpProblem(404, "404 page not found");
    }

    /** Answers a request for {@code /logs} and what is below. Blocks. */
    void answer(HttpServerRequest request, String path) throws IOException {
        if (!METHODS.contains(request.method())) {
            throw new HttpProblem(405, request.method() + " is not allowed here; GET is");
        }
        if (path.equals("/logs")) {
            redirect(request, "logs/");
            return;
        }
        read(path.substring("/logs/".length()), new Reader() {
            @Override
            public void listing(String html) {
                request.resume();
                request.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .end(html);
            }

            @Override
            public void moved(String location) {
                redirect(request, location);
            }

            @Override
            public void file(String name, InputStream content) throws IOException {
                request.resume();
                boolean packed = name.endsWith(".gz") || name.endsWith(".xz");
                request.response()
                        .putHeader("Content-Type", packed ? "application/octet-stream" : "text/plain; charset=utf-8")
                        .setChunked(true);
                if (request.method().equals(HttpMethod.GET)) {
                    var sink = new ResponseSink(request.response());
                    byte[] block = new byte[BLOCK];
                    for (int count = content.read(block); count >= 0; count = content.read(block)) {
                        sink.write(block, count);
                    }
                }
                request.response().end();
            }
        });
    }

    private static void redirect(HttpServerRequest request, String location) {
        request.resume();
        request.response().setStatusCode(301).putHeader("Location", location).end();
    }
}
