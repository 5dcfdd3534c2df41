package io.vertikube.kubelet.users;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import io.vertikube.service.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which pod has which ids of the machine. It is written in a pod's folder before its sandbox is made and goes with the
 * folder, when nothing of the pod runs any more; nothing is remembered besides, so a restart has nothing to find out. Safe for
 * any thread.
 */
public final class PodUsers {

    private static final String FILE = "userns";

    private final Path podsDir;
    private final IdRange ids;
    private final long idsPerPod;

    /**
     * Below a kubelet's folder of pods.
     *
     * @param ids what may be given
     */
    public PodUsers(Path podsDir, IdRange ids, long idsPerPod) {
        this.podsDir = podsDir;
        this.ids = ids;
        this.idsPerPod = idsPerPod;
    }

    /** The ids of a pod that has a sandbox. */
    public IdRange of(String uid) {
        return read(uid)
                .orElseThrow(() -> new ConfigProblem(
                        "nobody knows which ids the pod's sandbox was made with: " + file(uid) + " is not there"));
    }

    /** The ids of a pod that gets a sandbox: those that it had, or some that no other pod has. */
    public synchronized IdRange give(String uid) {
        Optional<IdRange> had = read(uid);
        List<IdRange> taken = new ArrayList<>();
        for (String other : pods()) {
            if (!other.equals(uid)) {
                Optional<IdRange> range = read(other);
                if (range.isPresent() && had.isPresent() && range.get().overlaps(had.get())) {
                    throw new ConfigProblem(
                            "the ids " + had.get() + " of " + file(uid) + " are also those of " + file(other));
                }
                range.ifPresent(taken::add);
            }
        }
        return had.orElseGet(() -> fresh(uid, taken));
    }

    private IdRange fresh(String uid, List<IdRange> taken) {
        var range = new IdRange(ids.start(), idsPerPod);
        while (range.end() <= ids.end()) {
            if (taken.stream().noneMatch(range::overlaps)) {
                write(uid, range);
                return range;
            }
            range = new IdRange(range.end(), idsPerPod);
        }
        throw new ConfigProblem("of the ids " + ids + " no " + idsPerPod + " in a row are free for a user namespace");
    }

    private List<String> pods() {
        if (Files.notExists(podsDir)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(podsDir)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new ConfigProblem("cannot see which ids other pods have: " + e);
        }
    }

    private Path file(String uid) {
        return podsDir.resolve(uid).resolve(FILE);
    }

    private Optional<IdRange> read(String uid) {
        Path file = file(uid);
        try {
            return Optional.of(parse(JsonTrees.read(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigProblem("nobody knows which ids a pod has, as " + file + " cannot be read: " + what(e)
                    + "; it goes when the pod is deleted");
        }
    }

    private static String what(Exception e) {
        return e instanceof JsonProcessingException ? "it is no JSON" : String.valueOf(e.getMessage());
    }

    /** The same for users and groups: one range that begins with the pod's root. */
    private static IdRange parse(JsonNode tree) {
        JsonNode users = tree.path("uidMappings");
        if (users.size() != 1 || !users.equals(tree.path("gidMappings"))) {
            throw new IllegalArgumentException("it has not one range, the same for uidMappings and gidMappings");
        }
        JsonNode mapping = users.get(0);
        var range = new IdRange(
                mapping.path("hostId").asLong(-1), mapping.path("length").asLong(-1));
        if (mapping.path("containerId").asLong(-1) != 0
                || range.start() < SubordinateIds.UNIT
                || range.length() <= 0
                || range.end() > SubordinateIds.END) {
            throw new IllegalArgumentException(mapping + " is no range of ids for a pod");
        }
        return range;
    }

    /** On disk when it returns, whole or not at all. */
    private void write(String uid, IdRange range) {
        var mapping = Json.object();
        mapping.put("hostId", range.start()).put("containerId", 0).put("length", range.length());
        var tree = Json.object();
        tree.putArray("uidMappings").add(mapping);
        tree.putArray("gidMappings").add(mapping);
        Path folder = podsDir.resolve(uid);
        try {
            Files.createDirectories(folder);
            WholeFile.writeThrough(folder.resolve(FILE), JsonTrees.bytes(tree));
        } catch (IOException e) {
            throw new ConfigProblem("cannot write down which ids the pod has: " + e);
        }
    }
}
