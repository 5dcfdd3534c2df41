package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of a folder, or one file, as pods by uid. The kernel tells of changes, and every while all is read again.
 * A file that gives no pod any more keeps the one it gave; files that begin with a dot are nobody's. One virtual thread.
 */
final class ManifestFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);
    private static final long LARGEST = 1 << 20;

    /** Editors write in several steps. */
    private static final Duration SETTLE = Duration.ofMillis(200);

    /** One file as last read; {@code pod} is the last good one, {@code text} what was read last. */
    private record Known(String text, @Nullable Pod pod) {}

    private final Path path;
    private final String nodeName;
    private final Duration period;
    private final InstantSource clock;
    private final Consumer<Map<String, Pod>> wanted;
    private final Thread thread;
    private Map<Path, Known> known = new TreeMap<>();
    private boolean missing;

    /** {@code wanted} is told of all pods, by uid, at the start and whenever they change. */
    ManifestFolder(
            Path path, String nodeName, Duration period, InstantSource clock, Consumer<Map<String, Pod>> wanted) {
        this.path = path.toAbsolutePath();
        this.nodeName = nodeName;
        this.period = period;
        this.clock = clock;
        this.wanted = wanted;
        this.thread = Thread.ofVirtual().name("manifests").unstarted(this::run);
    }

    /** Reads everything once before it returns, so that nothing that is wanted counts as left over. */
    void start() {
        wanted.accept(read());
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        Map<String, Pod> told = Map.of();
        try (WatchService watch = path.getFileSystem().newWatchService()) {
            boolean watching = false;
            while (true) {
                watching = watching || register(watch);
                WatchKey key = watch.poll(period.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null) {
                    Thread.sleep(SETTLE);
                    key.pollEvents();
                    watching = key.reset();
                }
                told = look(told);
            }
        } catch (IOException e) {
            LOG.error("manifests in {} are not watched any more, restart the kubelet: {}", path, e.getMessage());
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("manifests are not watched any more");
        }
    }

    private Map<String, Pod> look(Map<String, Pod> told) {
        try {
            Map<String, Pod> now = read();
            if (!now.equals(told)) {
                wanted.accept(now);
            }
            return now;
        } catch (RuntimeException e) {
            LOG.error("manifests in {} are looked at again later", path, e);
            return told;
        }
    }

    private boolean register(WatchService watch) {
        try {
            Path folder =
                    Files.isDirectory(path) ? path : Objects.requireNonNull(path.getParent(), "the root is a folder");
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            return true;
        } catch (IOException e) {
            LOG.debug("{} cannot be watched: {}", path, e.getMessage());
            return false;
        }
    }

    /** All pods now. */
    Map<String, Pod> read() {
        Map<Path, Known> fresh = new TreeMap<>();
        for (Path file : files()) {
            Known before = known.get(file);
            Known now = readFile(file, before);
            if (now != null) {
                fresh.put(file, now);
            }
        }
        known = fresh;
        Map<String, Pod> result = new LinkedHashMap<>();
        Map<ObjectKey, Path> owners = new LinkedHashMap<>();
        fresh.forEach((file, one) -> {
            Pod pod = one.pod();
            if (pod != null) {
                Path owner = owners.putIfAbsent(ObjectKey.of(pod), file);
                if (owner == null) {
                    result.put(pod.getMetadata().getUid(), pod);
                } else {
                    LOG.error(
                            "manifest {} is not used: pod {} comes from {} already; rename one of them",
                            file,
                            ObjectKey.of(pod),
                            owner);
                }
            }
        });
        return result;
    }

    private List<Path> files() {
        if (Files.isRegularFile(path)) {
            missing = false;
            return List.of(path);
        }
        List<Path> result = new ArrayList<>();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(file -> !file.getFileName().toString().startsWith(".") && Files.isRegularFile(file))
                    .sorted()
                    .forEach(result::add);
            missing = false;
        } catch (IOException e) {
            if (!missing) {
                LOG.warn("there are no static pods: {} cannot be read: {}", path, e.toString());
            }
            missing = true;
        }
        return result;
    }

    /** The file's pod, or the one it gave before; null when it is gone. */
    private @Nullable Known readFile(Path file, @Nullable Known before) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ManifestProblem("larger than " + LARGEST + " bytes");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (before != null && text.equals(before.text())) {
                return before;
            }
            try {
                return new Known(
                        text,
                        Manifest.read(
                                text.getBytes(StandardCharsets.UTF_8), file.toString(), nodeName, clock.instant()));
            } catch (ManifestProblem e) {
                complain(file, before, e);
                return new Known(text, before == null ? null : before.pod());
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | ManifestProblem e) {
            complain(file, before, e);
            return before;
        }
    }

    private static void complain(Path file, @Nullable Known before, Exception why) {
        LOG.error(
                "manifest {} is not used: {}{}",
                file,
                why.getMessage(),
                before != null && before.pod() != null ? "; its pod stays as it was" : "");
    }
}
