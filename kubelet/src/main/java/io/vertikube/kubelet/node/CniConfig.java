package io.vertikube.kubelet.node;

import io.vertikube.service.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CNI configuration of this node's pod network: a bridge, addresses from the node's range, nothing translated (Service
 * proxying and host ports are kube-proxy's). Confined to one thread.
 */
final class CniConfig {

    static final String BRIDGE = "vk0";
    private static final String FILE = "10-vertikube.conflist";

    private final Path folder;
    private final Path addressFolder;

    /** {@code addressFolder} keeps which addresses are taken. */
    CniConfig(Path folder, Path addressFolder) {
        this.folder = folder;
        this.addressFolder = addressFolder;
    }

    /** Writes it if it is not there already; answers whether it changed. */
    boolean write(String podCidr) throws IOException {
        Path file = folder.resolve(FILE);
        String text = text(podCidr, addressFolder);
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return false;
        }
        Files.createDirectories(folder);
        // The runtime watches the folder: it must never see half a file.
        WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    static String text(String podCidr, Path addressFolder) {
        String everywhere = podCidr.contains(":") ? "::/0" : "0.0.0.0/0";
        return """
                {
                  "cniVersion": "0.4.0",
                  "name": "vertikube",
                  "plugins": [
                    {
                      "type": "bridge",
                      "bridge": "%s",
                      "isGateway": true,
                      "ipMasq": false,
                      "hairpinMode": true,
                      "ipam": {
                        "type": "host-local",
                        "dataDir": "%s",
                        "ranges": [[{"subnet": "%s"}]],
                        "routes": [{"dst": "%s"}]
                      }
                    }
                  ]
                }
                """.formatted(BRIDGE, addressFolder, podCidr, everywhere);
    }
}
