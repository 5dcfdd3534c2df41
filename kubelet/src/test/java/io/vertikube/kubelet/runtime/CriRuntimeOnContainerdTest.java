package io.vertikube.kubelet.runtime;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against a real containerd, as Debian has it. */
class CriRuntimeOnContainerdTest extends ContainerRuntimeContract {

    private static Containerd containerd;

    @BeforeAll
    static void startContainerd() throws Exception {
        containerd = Containerd.start(1);
        containerd.configureNetwork();
        try (var runtime = containerd.connect()) {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> runtime.status().ready());
        }
    }

    @AfterAll
    static void stopContainerd() throws Exception {
        if (containerd != null) {
            containerd.close();
        }
    }

    @Override
    protected ContainerRuntime open() {
        return containerd.connect();
    }

    @Override
    protected String image() {
        return Containerd.IMAGE;
    }
}
