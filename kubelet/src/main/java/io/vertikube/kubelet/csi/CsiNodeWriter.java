package io.vertikube.kubelet.csi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriverBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells the cluster which drivers this machine has: the CSINode of its name, the annotation with the drivers' node ids and
 * the labels of their topology. Confined to the plugin registry's thread.
 */
public final class CsiNodeWriter {

    private static final String NODE_IDS = "csi.volume.kubernetes.io/nodeid";
    private static final int TRIES = 5;

    private final ApiClient client;
    private final String name;

    public CsiNodeWriter(ApiClient client, String node) {
        this.client = client;
        this.name = node;
    }

    /** Makes the CSINode where there is none; false while there is no Node to make it for. */
    boolean prepare() {
        Optional<Node> node = client.of(Node.class).find("", name);
        if (node.isEmpty()) {
            return false;
        }
        if (client.of(CSINode.class).find("", name).isEmpty()) {
            client.of(CSINode.class)
                    .create(new CSINodeBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .addNewOwnerReference()
                            .withApiVersion("v1")
                            .withKind("Node")
                            .withName(name)
                            .withUid(node.get().getMetadata().getUid())
                            .endOwnerReference()
                            .endMetadata()
                            .withNewSpec()
                            .endSpec()
                            .build());
        }
        return true;
    }

    void add(CsiDriver driver) {
        Node node = client.of(Node.class).get("", name);
        label(node, driver);
        change(drivers -> {
            drivers.removeIf(known -> known.getName().equals(driver.name()));
            var entry = new CSINodeDriverBuilder()
                    .withName(driver.name())
                    .withNodeID(driver.nodeId())
                    .withTopologyKeys(
                            driver.topology().keySet().stream().sorted().toList());
            if (driver.maxVolumes() > 0) {
                entry.withNewAllocatable((int) Math.min(driver.maxVolumes(), Integer.MAX_VALUE));
            }
            drivers.add(entry.build());
        });
    }

    void remove(String driver) {
        change(drivers -> drivers.removeIf(known -> known.getName().equals(driver)));
        Node node = client.of(Node.class).get("", name);
        ObjectNode ids = ids(node);
        if (ids.remove(driver) != null) {
            ObjectNode patch = Json.object();
            ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
            if (ids.isEmpty()) {
                annotations.putNull(NODE_IDS);
            } else {
                annotations.put(NODE_IDS, ids.toString());
            }
            patch(patch);
        }
    }

    private void label(Node node, CsiDriver driver) {
        Map<String, String> labels =
                Optional.ofNullable(node.getMetadata().getLabels()).orElse(Map.of());
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        ObjectNode added = metadata.putObject("labels");
        driver.topology().forEach((key, value) -> {
            String present = labels.get(key);
            if (present != null && !present.equals(value)) {
                throw new CsiFailure("detected topology value collision: driver reported \"" + key + "\":\"" + value
                        + "\" but existing label is \"" + key + "\":\"" + present + "\"");
            }
            if (present == null) {
                added.put(key, value);
            }
        });
        ObjectNode ids = ids(node);
        boolean known = driver.nodeId().equals(ids.path(driver.name()).asText());
        if (!known) {
            ids.put(driver.name(), driver.nodeId());
            metadata.putObject("annotations").put(NODE_IDS, ids.toString());
        }
        if (!known || !added.isEmpty()) {
            patch(patch);
        }
    }

    private void patch(ObjectNode patch) {
        client.of(Node.class).patch("", name, PatchType.MERGE, Json.bytes(patch), null);
    }

    private static ObjectNode ids(Node node) {
        String text = Optional.ofNullable(node.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(NODE_IDS))
                .orElse("{}");
        try {
            return JsonTrees.read(text) instanceof ObjectNode tree ? tree : Json.object();
        } catch (IOException e) {
            return Json.object();
        }
    }

    /** The CSINode may be changed by others meanwhile: what was read is written only if it still stands. */
    private void change(Consumer<List<CSINodeDriver>> how) {
        for (int attempt = 1; ; attempt++) {
            if (client.of(CSINode.class).find("", name).isEmpty()) {
                prepare();
            }
            CSINode current = client.of(CSINode.class).get("", name);
            var drivers = new ArrayList<>(
                    Optional.ofNullable(current.getSpec().getDrivers()).orElse(List.of()));
            var before = List.copyOf(drivers);
            how.accept(drivers);
            if (drivers.equals(before)) {
                return;
            }
            current.getSpec().setDrivers(drivers);
            try {
                client.of(CSINode.class).update(current);
                return;
            } catch (ApiException e) {
                if (!e.isConflict() || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
