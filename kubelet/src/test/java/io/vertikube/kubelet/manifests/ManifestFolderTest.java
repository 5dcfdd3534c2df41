package io.vertikube.kubelet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFolderTest {

    @TempDir
    Path folder;

    @Test
    void everyFileIsAPodExceptHiddenAndBadOnes() throws IOException {
        write("a.yaml", "a", "i:1");
        write("b.json", "b", "i:1");
        write(".hidden.yaml", "c", "i:1");
        Files.writeString(folder.resolve("bad.yaml"), "kind: [");
        Files.createDirectory(folder.resolve("sub"));
        assertThat(names(manifests(folder))).containsExactly("a-n1", "b-n1");
    }

    @Test
    void fileThatTurnsBadKeepsItsPodAndOneThatGoesTakesItAlong() throws IOException {
        write("a.yaml", "a", "i:1");
        ManifestFolder manifests = manifests(folder);
        var first = manifests.read();
        Files.writeString(folder.resolve("a.yaml"), "apiVersion: v1\nkind: Po");
        assertThat(manifests.read()).isEqualTo(first);
        write("a.yaml", "a", "i:2");
        assertThat(manifests.read())
                .hasSize(1)
                .doesNotContainKeys(first.keySet().iterator().next());
        Files.delete(folder.resolve("a.yaml"));
        assertThat(manifests.read()).isEmpty();
    }

    @Test
    void firstFileOfTwoWithTheSamePodWins() throws IOException {
        write("1.yaml", "a", "i:1");
        write("2.yaml", "a", "i:2");
        assertThat(manifests(folder).read().values())
                .singleElement()
                .satisfies(pod -> assertThat(
                                pod.getSpec().getContainers().getFirst().getImage())
                        .isEqualTo("i:1"));
    }

    @Test
    void pathMayBeAFileAndMayBeMissing() throws IOException {
        write("1.yaml", "a", "i:1");
        assertThat(names(manifests(folder.resolve("1.yaml")))).containsExactly("a-n1");
        assertThat(manifests(folder.resolve("none")).read()).isEmpty();
    }

    private static ManifestFolder manifests(Path path) {
        return new ManifestFolder(path, "n1", Duration.ofMinutes(1), InstantSource.system(), pods -> {});
    }

    private static List<String> names(ManifestFolder manifests) {
        return manifests.read().values().stream()
                .map(Pod::getMetadata)
                .map(each -> each.getName())
                .toList();
    }

    private void write(String file, String pod, String image) throws IOException {
        Files.writeString(
                folder.resolve(file),
                "{apiVersion: v1, kind: Pod, metadata: {name: " + pod + "}, spec: {containers: [{name: m, image: '"
                        + image + "'}]}}");
    }
}
