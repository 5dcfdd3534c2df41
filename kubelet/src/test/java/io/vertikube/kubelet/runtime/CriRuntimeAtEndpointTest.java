package io.vertikube.kubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertikube.kubelet.runtime.cri.CriRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract against a runtime that runs already: {@code -Dvertikube.runtime.endpoint=unix:///run/crio/crio.sock}, with an
 * image that it has or can pull and that has a shell, {@code -Dvertikube.runtime.image=docker.io/library/busybox:1}.
 */
@EnabledIfSystemProperty(
        named = "vertikube.runtime.endpoint",
        matches = ".+",
        disabledReason = "no runtime is named by -Dvertikube.runtime.endpoint")
class CriRuntimeAtEndpointTest extends ContainerRuntimeContract {

    @Override
    protected ContainerRuntime open() {
        return CriRuntime.open(System.getProperty("vertikube.runtime.endpoint", ""));
    }

    @Override
    protected String image() {
        return System.getProperty("vertikube.runtime.image", "docker.io/library/busybox:1");
    }

    @Test
    void rootOfAPodOfItsOwnUsersIsRootInItsVolumesAndNobodyOnTheMachine(@TempDir Path folder) throws IOException {
        try (ContainerRuntime runtime = open()) {
            assumeTrue(runtime.status().mapsUsers(""), "the runtime does not map users");
            Path volume = Files.createDirectories(folder.resolve("volume"));
            var pod = new PlainPod(
                    new PodIdentity("default", "own-users", UUID.randomUUID().toString()),
                    folder.resolve("logs"),
                    true);
            var sharing = new NamespaceSharing(
                    false, false, NamespaceSharing.Pid.CONTAINER, "", Optional.of(new IdRange(7 * 65536, 65536)));
            SandboxConfig config = pod.sandbox("", sharing);
            Files.createDirectories(Path.of(config.logDirectory()).resolve("main"));
            String sandbox = runtime.runSandbox(config, "");
            try {
                List<Mount> mounts = List.of(Mount.of("/volume", volume.toString(), false));
                String id = runtime.createContainer(
                        sandbox, pod.container("main", 0, image(), List.of("sleep", "1000"), mounts, sharing), config);
                runtime.startContainer(id);
                String said = runtime.exec(
                                id,
                                List.of(
                                        "sh",
                                        "-c",
                                        "cat /proc/self/uid_map; touch /volume/f && stat -c %u:%g /volume/f"),
                                Duration.ofSeconds(10))
                        .stdout();
                assertThat(said).matches("\\s*0\\s+458752\\s+65536\n0:0\n");
                assertThat(Files.getAttribute(volume.resolve("f"), "unix:uid"))
                        .as("what root of the pod writes is root's on disk")
                        .isEqualTo(0);
            } finally {
                runtime.stopSandbox(sandbox);
                runtime.removeSandbox(sandbox);
            }
        }
    }
}
