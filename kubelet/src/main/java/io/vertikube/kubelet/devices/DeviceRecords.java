package io.vertikube.kubelet.devices;

import io.vertikube.object.Json;
import io.vertikube.service.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which devices were given to whom, and which resources plugins have registered, in a file that outlives the kubelet. What it
 * answers is what is on disk. Safe for any thread.
 */
final class DeviceRecords {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceRecords.class);
    private static final String FILE = "allocated_devices_state";

    /**
     * What a container has of one resource. Immutable.
     *
     * @param answer what the plugin said that the container needs, as its message's bytes in Base64
     * @param preStart whether the plugin wants to be told of each start
     */
    record Given(List<String> ids, String answer, boolean preStart) {

        Given {
            ids = List.copyOf(ids);
        }
    }

    /**
     * The file. Immutable.
     *
     * @param pods by uid, container and resource
     */
    record Content(Set<String> resources, Map<String, Map<String, Map<String, Given>>> pods) {

        static final Content EMPTY = new Content(Set.of(), Map.of());

        Content {
            resources = Set.copyOf(Objects.requireNonNullElse(resources, Set.of()));
            pods = Map.copyOf(Objects.requireNonNullElse(pods, Map.of()));
        }
    }

    private final Path file;
    private Content content;

    /** A file that cannot be read is begun anew, as in Kubernetes: it is no reason to run nothing at all. */
    DeviceRecords(Path rootDir) {
        this.file = rootDir.resolve(FILE);
        this.content = read(file);
    }

    /** Resources that ever had a plugin. */
    synchronized Set<String> resources() {
        return content.resources();
    }

    synchronized void addResource(String resource) {
        if (!content.resources().contains(resource)) {
            Set<String> all = new TreeSet<>(content.resources());
            all.add(resource);
            write(new Content(all, content.pods()));
        }
    }

    /** What a container has, by resource. */
    synchronized Map<String, Given> of(String podUid, String container) {
        return content.pods().getOrDefault(podUid, Map.of()).getOrDefault(container, Map.of());
    }

    /** All devices of a resource that somebody has. */
    synchronized Set<String> taken(String resource) {
        Set<String> result = new HashSet<>();
        content.pods()
                .values()
                .forEach(pod -> pod.values()
                        .forEach(container -> Optional.ofNullable(container.get(resource))
                                .ifPresent(given -> result.addAll(given.ids()))));
        return result;
    }

    synchronized Set<String> podUids() {
        return content.pods().keySet();
    }

    /** Gives a container what it did not have; nothing is given if it cannot be written down. */
    synchronized void give(String podUid, String container, String resource, Given given) {
        Map<String, Map<String, Given>> pod = new TreeMap<>(content.pods().getOrDefault(podUid, Map.of()));
        Map<String, Given> mine = new TreeMap<>(pod.getOrDefault(container, Map.of()));
        mine.put(resource, given);
        pod.put(container, mine);
        Map<String, Map<String, Map<String, Given>>> all = new TreeMap<>(content.pods());
        all.put(podUid, pod);
        write(new Content(content.resources(), all));
    }

    synchronized void forget(String podUid) {
        if (content.pods().containsKey(podUid)) {
            Map<String, Map<String, Map<String, Given>>> all = new TreeMap<>(content.pods());
            all.remove(podUid);
            write(new Content(content.resources(), all));
        }
    }

    private static Content read(Path file) {
        if (Files.notExists(file)) {
            return Content.EMPTY;
        }
        try {
            @Nullable Content found = Json.mapper().readValue(Files.readAllBytes(file), Content.class);
            return found == null ? Content.EMPTY : found;
        } catch (IOException e) {
            LOG.error("{} cannot be read; devices in use may be given once more: {}", file, e.getMessage());
            return Content.EMPTY;
        }
    }

    private void write(Content fresh) {
        try {
            WholeFile.write(file, Json.bytes(fresh));
            content = fresh;
        } catch (IOException e) {
            throw new UncheckedIOException("which devices are whose cannot be written to " + file, e);
        }
    }
}
