package io.vertikube.kubelet.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import io.vertikube.service.WholeFile;
import io.vertikube.value.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which images pulls of this node brought, and with whose credentials. In files below {@code image_manager}, so that a new kubelet
 * knows it: {@code pulling} has a file a pull that began and has not ended, {@code pulled} one an image, both called by the
 * SHA-256 of what they are about ("Kubelet configuration v1alpha1" in the documentation). Safe for any thread.
 */
public final class PullRecords {

    private static final Logger LOG = LoggerFactory.getLogger(PullRecords.class);
    private static final String PULLED = "pulled";
    private static final String PULLING = "pulling";
    private static final String VERSION = "kubelet.config.k8s.io/v1alpha1";

    private final Optional<Path> folder;
    private final InstantSource clock;

    /** By the name of its file. Guarded by this, as all else. */
    private final Map<String, PulledImage> pulled = new HashMap<>();

    private final Set<String> pulling = new HashSet<>();

    /**
     * Reads what is there.
     *
     * @param rootDir the kubelet's folder; empty: only memory knows
     */
    public PullRecords(Optional<Path> rootDir, InstantSource clock) throws IOException {
        this.folder = rootDir.map(root -> root.resolve("image_manager"));
        this.clock = clock;
        if (folder.isPresent()) {
            for (Path file : files(PULLED)) {
                pulled.put(name(file), read(file));
            }
            files(PULLING).forEach(file -> pulling.add(name(file)));
        }
    }

    /** Notes that a pull begins: what it brings is nobody's before {@link #pulled} says whose. */
    synchronized void begin(String reference) throws IOException {
        ObjectNode intent = object("ImagePullIntent").put("image", reference);
        write(PULLING, fileOf(reference), intent);
        pulling.add(fileOf(reference));
    }

    /** Notes that a pull has ended well, with a Secret or without credentials. */
    synchronized void pulled(String reference, String id, Optional<SecretUse> with) throws IOException {
        String file = fileOf(id);
        PulledImage now = of(id).filter(PulledImage::isReadable)
                .orElseGet(() -> new PulledImage(id, Instant.EPOCH, Map.of()))
                .pulled(ImageName.repository(reference), with, clock.instant());
        pulled.put(file, now);
        write(PULLED, file, json(now));
        ended(reference);
    }

    /** Notes that a pull brought nothing. */
    synchronized void ended(String reference) throws IOException {
        pulling.remove(fileOf(reference));
        delete(PULLING, fileOf(reference));
    }

    /** Whether a pull of it began of which nobody knows the end. */
    synchronized boolean isPulling(String reference) {
        return pulling.contains(fileOf(reference));
    }

    /** What pulls brought under an id. */
    synchronized Optional<PulledImage> of(String id) {
        return Optional.ofNullable(pulled.get(fileOf(id)));
    }

    /** Forgets images that are gone, but for those that were pulled since {@code asked}. */
    synchronized void keepOnly(Set<String> ids, Instant asked) throws IOException {
        Set<String> kept = new HashSet<>();
        ids.forEach(id -> kept.add(fileOf(id)));
        for (Map.Entry<String, PulledImage> each : Map.copyOf(pulled).entrySet()) {
            if (!kept.contains(each.getKey()) && each.getValue().updated().isBefore(asked)) {
                pulled.remove(each.getKey());
                delete(PULLED, each.getKey());
            }
        }
    }

    private List<Path> files(String kind) throws IOException {
        Path here = Files.createDirectories(folder.orElseThrow().resolve(kind));
        try (Stream<Path> all = Files.list(here)) {
            return all.filter(file -> name(file).startsWith("sha256-")).toList();
        }
    }

    private void write(String kind, String file, ObjectNode content) throws IOException {
        if (folder.isPresent()) {
            WholeFile.writeThrough(folder.get().resolve(kind).resolve(file), Json.bytes(content));
        }
    }

    private void delete(String kind, String file) throws IOException {
        if (folder.isPresent()) {
            Files.deleteIfExists(folder.get().resolve(kind).resolve(file));
        }
    }

    /** What cannot be read is nobody's until it is pulled again. */
    private static PulledImage read(Path file) {
        try {
            JsonNode root = Json.tree(Files.readAllBytes(file));
            Map<String, PulledImage.Users> users = new TreeMap<>();
            root.path("credentialMapping")
                    .properties()
                    .forEach(each -> users.put(each.getKey(), users(each.getValue())));
            return new PulledImage(
                    root.path("imageRef").asText(),
                    Instant.parse(root.path("lastUpdatedTime").asText()),
                    users);
        } catch (IOException | UncheckedIOException | DateTimeException e) {
            LOG.warn("{} cannot be read ({}): who needs its image has it pulled again", file, e.getMessage());
            return PulledImage.UNREADABLE;
        }
    }

    private static PulledImage.Users users(JsonNode credentials) {
        List<SecretUse> secrets = new ArrayList<>();
        credentials
                .path("kubernetesSecrets")
                .forEach(secret -> secrets.add(new SecretUse(
                        secret.path("uid").asText(),
                        secret.path("namespace").asText(),
                        secret.path("name").asText(),
                        secret.path("credentialHash").asText())));
        return new PulledImage.Users(credentials.path("nodePodsAccessible").asBoolean(), secrets);
    }

    private static ObjectNode json(PulledImage image) {
        ObjectNode root = object("ImagePulledRecord")
                .put("lastUpdatedTime", image.updated().toString())
                .put("imageRef", image.id());
        ObjectNode mapping = root.putObject("credentialMapping");
        new TreeMap<>(image.users()).forEach((repository, users) -> {
            ObjectNode credentials = mapping.putObject(repository);
            if (users.everybody()) {
                credentials.put("nodePodsAccessible", true);
            }
            if (!users.secrets().isEmpty()) {
                var secrets = credentials.putArray("kubernetesSecrets");
                users.secrets()
                        .forEach(secret -> secrets.addObject()
                                .put("uid", secret.uid())
                                .put("namespace", secret.namespace())
                                .put("name", secret.name())
                                .put("credentialHash", secret.credentialHash()));
            }
        });
        return root;
    }

    private static ObjectNode object(String kind) {
        return Json.mapper().createObjectNode().put("kind", kind).put("apiVersion", VERSION);
    }

    private static String fileOf(String what) {
        return "sha256-" + Sha256.hex(what);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
