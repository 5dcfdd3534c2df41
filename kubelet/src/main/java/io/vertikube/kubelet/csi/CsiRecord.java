package io.vertikube.kubelet.csi;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import io.vertikube.service.WholeFile;
import io.vertikube.value.CsiNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is written beside a mount: enough to take it away again. It is there before the driver is asked for anything and goes
 * after the driver has given everything back. Immutable.
 *
 * @param done whether the driver has said that the mount stands
 */
record CsiRecord(String driver, String handle, String name, boolean inline, boolean block, boolean done) {

    static final String FILE = "vol_data.json";

    static CsiRecord of(CsiVolume volume) {
        return new CsiRecord(volume.driver(), volume.handle(), volume.name(), volume.inline(), volume.block(), false);
    }

    static Optional<CsiRecord> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        JsonNode tree = JsonTrees.read(Files.readAllBytes(file));
        return Optional.of(new CsiRecord(
                tree.path("driverName").asText(),
                tree.path("volumeHandle").asText(),
                tree.path("specVolID").asText(),
                tree.path("volumeLifecycleMode").asText().equals("Ephemeral"),
                tree.path("block").asBoolean(),
                tree.path("done").asBoolean()));
    }

    /** Writes it so that a crash leaves the old one or the new one. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var tree = Json.object();
        tree.put("driverName", driver)
                .put("volumeHandle", handle)
                .put("specVolID", name)
                .put("volumeLifecycleMode", inline ? "Ephemeral" : "Persistent")
                .put("block", block)
                .put("done", done);
        WholeFile.write(folder.resolve(FILE), Json.bytes(tree));
    }

    CsiRecord finished() {
        return new CsiRecord(driver, handle, name, inline, block, true);
    }

    boolean isOf(String otherDriver, String otherHandle) {
        return driver.equals(otherDriver) && handle.equals(otherHandle);
    }

    String uniqueName() {
        return CsiNames.unique(driver, handle);
    }
}
