package io.vertikube.kubelet.resize;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.object.Json;
import io.vertikube.service.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What resized pods were granted and given. It outlives the kubelet in a file, which only knows pods that were resized:
 * of all others the runtime knows what they were made with. Safe for any thread.
 */
public final class Allocations {

    private static final Logger LOG = LoggerFactory.getLogger(Allocations.class);
    private static final String FILE = "allocated_pods_state";

    /**
     * One resized pod. Immutable.
     *
     * @param granted by container name
     * @param given what running containers were told last, by container id
     */
    public record Entry(Map<String, ResourceRequirements> granted, Map<String, ResourceRequirements> given) {

        static final Entry EMPTY = new Entry(Map.of(), Map.of());

        public Entry {
            granted = Map.copyOf(granted);
            given = Map.copyOf(given);
        }
    }

    private final Path file;
    private final Map<String, Entry> entries;

    /** Requests of every pod of the node, by uid. */
    private final Map<String, ResizePlan.Room> rooms = new HashMap<>();

    /** A file that cannot be read is begun anew: containers keep what they have. */
    public Allocations(Path rootDir) {
        this.file = rootDir.resolve(FILE);
        this.entries = read(file);
    }

    public synchronized Optional<Entry> of(String podUid) {
        return Optional.ofNullable(entries.get(podUid));
    }

    /** Notes what a pod is granted; it counts against the node from now on. */
    public synchronized void grant(String podUid, Map<String, ResourceRequirements> granted) {
        Entry before = entries.getOrDefault(podUid, Entry.EMPTY);
        entries.put(podUid, new Entry(granted, before.given()));
        write();
    }

    /** Notes what a running container was told. */
    public synchronized void give(String podUid, String containerId, ResourceRequirements given) {
        Entry before = entries.getOrDefault(podUid, Entry.EMPTY);
        Map<String, ResourceRequirements> all = new HashMap<>(before.given());
        all.put(containerId, given);
        entries.put(podUid, new Entry(before.granted(), all));
        write();
    }

    /** Notes what a pod takes of the node. */
    public synchronized void takes(String podUid, Collection<Amounts> granted) {
        rooms.put(podUid, ResizePlan.sum(granted));
    }

    /** What all pods but this one take. */
    public synchronized ResizePlan.Room others(String podUid) {
        long cpu = 0;
        long memory = 0;
        for (Map.Entry<String, ResizePlan.Room> room : rooms.entrySet()) {
            if (!room.getKey().equals(podUid)) {
                cpu += room.getValue().cpu();
                memory += room.getValue().memory();
            }
        }
        return new ResizePlan.Room(cpu, memory);
    }

    /** The pod takes nothing any more. */
    public synchronized void forget(String podUid) {
        rooms.remove(podUid);
        if (entries.remove(podUid) != null) {
            write();
        }
    }

    private static Map<String, Entry> read(Path file) {
        if (Files.notExists(file)) {
            return new TreeMap<>();
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), new TypeReference<TreeMap<String, Entry>>() {});
        } catch (IOException e) {
            LOG.error("{} cannot be read; resized pods count as never resized: {}", file, e.getMessage());
            return new TreeMap<>();
        }
    }

    private void write() {
        try {
            WholeFile.write(file, Json.bytes(entries));
        } catch (IOException e) {
            throw new UncheckedIOException("what pods were granted cannot be written to " + file, e);
        }
    }

    /** Resources as an annotation holds them. */
    public static String text(@Nullable ResourceRequirements resources) {
        return new String(
                Json.bytes(resources == null ? new ResourceRequirements() : resources),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Reads {@link #text}. */
    public static ResourceRequirements parse(String text) {
        return Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ResourceRequirements.class);
    }
}
