package io.vertikube.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.csi.CsiDrivers;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.env.FieldValues;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class PodVolumesTest {

    private static final FieldValues FIELDS = new FieldValues(List.of(), List.of(), Map.of());

    @TempDir
    Path root;

    private final Map<String, Map<String, String>> configMaps = new HashMap<>();
    private final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
    private final Map<String, PersistentVolume> persistent = new HashMap<>();

    @AfterEach
    void unmount() throws IOException {
        if (isRoot()) {
            Mounts.unmountAll(root);
        }
    }

    @Test
    void configMapBecomesFilesThatChangeAllAtOnce() throws IOException {
        configMaps.put("c", Map.of("a", "1", "b", "2"));
        Pod pod = pod("{name: v, configMap: {name: c, defaultMode: 0640}}");
        Path folder = setUp(pod).path();
        assertThat(folder.resolve("a")).hasContent("1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
                .isEqualTo("rw-r-----");
        Path before = Files.readSymbolicLink(folder.resolve("..data"));

        setUp(pod);
        assertThat(Files.readSymbolicLink(folder.resolve("..data")))
                .as("nothing changed")
                .isEqualTo(before);

        configMaps.put("c", Map.of("a", "3"));
        setUp(pod);
        assertThat(folder.resolve("a")).hasContent("3");
        assertThat(folder.resolve("b")).doesNotExist();
        assertThat(folder.resolve(before)).doesNotExist();
        assertThat(setUp(pod).readOnly()).isTrue();
    }

    @Test
    void itemsChooseKeysPathsAndModes() throws IOException {
        configMaps.put("c", Map.of("a", "1", "b", "2"));
        Path folder = setUp(pod("{name: v, configMap: {name: c, items: [{key: a, path: x/y, mode: 0400}]}}"))
                .path();
        assertThat(folder.resolve("x/y")).hasContent("1");
        assertThat(Files.getAttribute(folder.resolve("x/y"), "unix:mode")).isEqualTo(0100400);
        assertThat(folder.resolve("b")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: v, configMap: {name: absent}} | configmap \"absent\" not found",
                "{name: v, configMap: {name: c, items: [{key: z, path: z}]}} | configmap \"c\" references non-existent key: z",
                "{name: v, configMap: {name: c, items: [{key: a, path: ../z}]}} | must be relative and must not contain '..'",
                "{name: v, gitRepo: {repository: x}} | volume type gitRepo is not supported on this node",
                "{name: v, hostPath: {path: /nowhere, type: Directory}} | hostPath type check failed: /nowhere is not a directory",
                "{name: v, hostPath: {path: /etc, type: File}} | hostPath type check failed: /etc is not a file",
                "{name: v, hostPath: {path: /etc, type: FileOrCreate}} | hostPath type check failed: /etc is not a file",
                "{name: v, hostPath: {path: /etc/hostname, type: DirectoryOrCreate}} | hostPath type check failed: /etc/hostname is not a directory",
                "{name: v, hostPath: {path: /etc, type: Socket}} | hostPath type check failed: /etc is not a socket file",
                "{name: v, hostPath: {path: /etc/hostname, type: CharDevice}} | hostPath type check failed: /etc/hostname is not a character device",
                "{name: v, hostPath: {path: /dev/null, type: BlockDevice}} | hostPath type check failed: /dev/null is not a block device",
                "{name: v, hostPath: {path: /etc, type: Other}} | Other is an invalid volume type",
                "{name: v, persistentVolumeClaim: {claimName: x}} | persistentvolumeclaim \"x\" not found"
            })
    void whatCannotBeHadIsNamed(String volume, String sentence) {
        configMaps.put("c", Map.of("a", "1"));
        assertThatThrownBy(() -> setUp(pod(volume)))
                .isInstanceOf(VolumeFailure.class)
                .hasMessageStartingWith("MountVolume.SetUp failed for volume \"v\" : ")
                .hasMessageContaining(sentence);
    }

    @Test
    void optionalSourcesMayBeMissing() {
        Path folder = setUp(pod("""
                {name: v, projected: {sources: [{configMap: {name: absent, optional: true}},
                  {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}},
                  {serviceAccountToken: {path: token}}]}}""")).path();
        assertThat(folder.resolve("name")).hasContent("p");
        assertThat(folder.resolve("token")).hasContent("token-of-p");
    }

    @Test
    void emptyDirStaysUntilThePodGoes() throws IOException {
        Pod pod = pod("{name: v, emptyDir: {}}");
        PodVolumes volumes = volumes();
        Path folder = setUp(volumes, pod).path();
        Files.writeString(folder.resolve("file"), "kept");
        setUp(volumes, pod);
        assertThat(folder.resolve("file")).hasContent("kept");
        assertThat(Files.getAttribute(folder, "unix:mode")).isEqualTo(040777);
        volumes.tearDown("u");
        assertThat(volumes.podDir("u")).doesNotExist();
    }

    @Test
    void folderOfAProvisionedVolumeIsForEveryUserAndNotedUntilItIsRemoved() throws IOException {
        Path folder = root.resolve("storage/pv_n_c");
        claims.put(
                "c",
                TestPods.parse(
                        "{metadata: {name: c, uid: cu}, spec: {volumeName: pv}, status: {phase: Bound}}",
                        PersistentVolumeClaim.class));
        persistent.put(
                "pv",
                TestPods.parse(
                        "{metadata: {name: pv, annotations: {pv.kubernetes.io/provisioned-by: vertikube.io/local-path}},"
                                + " spec: {claimRef: {name: c, uid: cu}, hostPath: {path: " + folder + "}}}",
                        PersistentVolume.class));
        setUp(pod("{name: v, persistentVolumeClaim: {claimName: c}}"));
        assertThat(Files.getPosixFilePermissions(folder)).hasSize(9);
        Files.writeString(folder.resolve("kept"), "data");
        setUp(pod("{name: v, persistentVolumeClaim: {claimName: c}}"));
        assertThat(folder.resolve("kept")).hasContent("data");
        var folders = new LocalFolders(root, false);
        assertThat(folders.all()).containsExactly(new LocalFolders.Noted("pv", folder));
        folders.remove(folders.all().getFirst());
        assertThat(folder).doesNotExist();
        assertThat(folders.all()).isEmpty();
    }

    @Test
    void simulatedNodeMakesNoFolders() {
        var simulated = new LocalFolders(root, true);
        var context = new VolumeContext(pod("{name: v, emptyDir: {}}"), root, FIELDS);
        Path folder = root.resolve("storage/x");
        assertThat(simulated.folder(context, "pv", folder.toString())).isEqualTo(folder);
        assertThat(folder).doesNotExist();
        assertThat(HostPaths.SIMULATED.checked(folder.toString(), "DirectoryOrCreate"))
                .isEqualTo(folder);
        assertThat(folder).doesNotExist();
    }

    @Test
    void localVolumeOfABoundClaimIsUsed() throws IOException {
        Path disk = Files.createDirectories(root.resolve("disk"));
        claims.put(
                "c",
                TestPods.parse(
                        "{metadata: {name: c, uid: cu}, spec: {volumeName: pv}, status: {phase: Bound}}",
                        PersistentVolumeClaim.class));
        persistent.put(
                "pv",
                TestPods.parse(
                        "{metadata: {name: pv}, spec: {claimRef: {name: c, uid: cu}, local: {path: " + disk + "}}}",
                        PersistentVolume.class));
        assertThat(setUp(pod("{name: v, persistentVolumeClaim: {claimName: c}}")))
                .as("its files may get the label of who mounts it")
                .isEqualTo(new MountedVolume(disk, false, false, true));
        assertThat(setUp(pod("{name: v, persistentVolumeClaim: {claimName: c, readOnly: true}}")))
                .isEqualTo(new MountedVolume(disk, true, false, false));
        claims.get("c").getStatus().setPhase("Pending");
        assertThatThrownBy(() -> setUp(pod("{name: v, persistentVolumeClaim: {claimName: c}}")))
                .hasMessageContaining("persistentvolumeclaim \"c\" is not bound");
    }

    @Test
    void linkOutOfTheVolumeIsNotBound() throws IOException {
        requireRoot();
        PodVolumes volumes = volumes();
        Pod pod = pod("{name: v, emptyDir: {}}");
        MountedVolume volume = setUp(volumes, pod);
        Files.createSymbolicLink(volume.path().resolve("escape"), Path.of("/etc"));
        Files.createSymbolicLink(volume.path().resolve("up"), Path.of("../../../.."));
        Files.createDirectories(volume.path().resolve("inside"));
        Files.createSymbolicLink(volume.path().resolve("fine"), Path.of("inside"));
        for (String attack : List.of("escape", "escape/passwd", "up", "up/etc", "inside/../../x")) {
            assertThatThrownBy(() -> volumes.subPath("u", "v", volume, "c", 0, attack))
                    .as(attack)
                    .isInstanceOf(VolumeFailure.class);
        }
        Path bound = volumes.subPath("u", "v", volume, "c", 0, "fine");
        Files.writeString(bound.resolve("file"), "there");
        assertThat(volume.path().resolve("inside/file")).hasContent("there");
        Path made = volumes.subPath("u", "v", volume, "c", 1, "new/deep");
        assertThat(made).isDirectory();
        assertThat(volume.path().resolve("new/deep")).isDirectory();
        volumes.tearDown("u");
        assertThat(volumes.podDir("u")).doesNotExist();
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void memoryVolumeIsMountedWithItsSizeAndGoes() throws IOException {
        requireRoot();
        PodVolumes volumes = volumes();
        Path folder = setUp(volumes, pod("{name: v, emptyDir: {medium: Memory, sizeLimit: 4Mi}}"))
                .path();
        assertThat(Mounts.isMountPoint(folder)).isTrue();
        assertThat(Files.getFileStore(folder).getTotalSpace()).isEqualTo(4 << 20);
        volumes.tearDown("u");
        assertThat(Mounts.under(root)).isEmpty();
    }

    @Test
    void writerGivesFilesToTheGroup() throws IOException {
        requireRoot();
        Path folder = Files.createDirectories(root.resolve("w"));
        new AtomicWriter(folder, OptionalLong.of(1234))
                .write(new TreeMap<>(Map.of("f", new FileBody("x".getBytes(), 0640))));
        assertThat(Files.getAttribute(folder.resolve("f"), "unix:gid")).isEqualTo(1234);
    }

    private MountedVolume setUp(Pod pod) {
        return setUp(volumes(), pod);
    }

    private static MountedVolume setUp(PodVolumes volumes, Pod pod) {
        return java.util.Objects.requireNonNull(
                SettingUp.all(volumes, pod, FIELDS).get("v"));
    }

    @Test
    void oneThatFailsKeepsNoneBackAndIsLeftUntilItsTurn() {
        PodVolumes volumes = volumes();
        Pod pod = pod("{name: v, emptyDir: {}}");
        pod.getSpec()
                .getVolumes()
                .addAll(pod("{name: w, configMap: {name: late}}").getSpec().getVolumes());
        pod.getSpec()
                .getVolumes()
                .addAll(pod("{name: x, emptyDir: {}}").getSpec().getVolumes());

        PodVolumes.SetUp first = volumes.setUp(pod, FIELDS, volume -> true);
        configMaps.put("late", Map.of("a", "1"));
        PodVolumes.SetUp between = volumes.setUp(pod, FIELDS, volume -> !volume.equals("w"));
        PodVolumes.SetUp last = volumes.setUp(pod, FIELDS, volume -> true);

        assertThat(first.isWhole()).isFalse();
        assertThat(first.mounted()).containsOnlyKeys("v", "x");
        assertThat(first.failed()).containsOnlyKeys("w");
        assertThat(between.isWhole()).isFalse();
        assertThat(between.failed()).isEmpty();
        assertThat(last.isWhole()).isTrue();
        assertThat(last.mounted()).containsOnlyKeys("v", "w", "x");
    }

    private PodVolumes volumes() {
        return new PodVolumes(
                root,
                new Configs(),
                (pod, audience, seconds) ->
                        new TokenSource.Issued("token-of-" + pod.getMetadata().getName(), java.time.Instant.EPOCH),
                new Claims(),
                HostPaths.ofMachine(),
                new LocalFolders(root, false),
                new CsiAccess(
                        "node",
                        new Drivers(),
                        new CsiMounts(new CsiDrivers(), root, () -> {}),
                        (pod, type, reason, message) -> {}),
                isRoot());
    }

    @Test
    void largePagesAreMountedAndTakenAway() throws IOException {
        requireRoot();
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.exists(Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB")), "this kernel has no pages of 2Mi");
        var volumes = volumes();
        Path folder = setUp(volumes, podOf("hugepages-2Mi: 4Mi", "{name: v, emptyDir: {medium: HugePages}}"))
                .path();
        assertThat(Mounts.isMountPoint(folder)).isTrue();
        assertThat(Files.getFileStore(folder).type()).isEqualTo("hugetlbfs");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxrwxrwx");
        volumes.tearDown("u");
        assertThat(Mounts.under(root)).isEmpty();
    }

    @ParameterizedTest(name = "{0} for {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "HugePages | hugepages-2Mi: 4Mi | 2Mi",
                "HugePages-1Gi | 'hugepages-2Mi: 4Mi, hugepages-1Gi: 1Gi' | 1Gi",
                "HugePages | 'hugepages-2Mi: 4Mi, hugepages-1Gi: 1Gi' | must name one, as in HugePages-1Gi",
                "HugePages | 'memory: 4Mi' | no container of the pod has a limit of huge pages",
                "HugePages-1Gi | hugepages-2Mi: 4Mi | the pod's containers use pages of [2Mi]",
            })
    void pagesAreOfTheSizeThatThePodUses(String medium, String limits, String outcome) {
        Pod pod = podOf(limits, "{name: v, emptyDir: {medium: " + medium + "}}");
        var source = pod.getSpec().getVolumes().getFirst().getEmptyDir();
        if (outcome.length() == 3) {
            assertThat(EmptyDirMedium.pageSize(source, pod)).isEqualTo(outcome);
        } else {
            assertThatThrownBy(() -> EmptyDirMedium.pageSize(source, pod))
                    .isInstanceOf(VolumeFailure.class)
                    .hasMessageStartingWith("emptyDir medium \"" + medium + "\": ")
                    .hasMessageContaining(outcome);
        }
    }

    private static Pod podOf(String limits, String volume) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  containers: [{name: c, image: i, resources: {limits: {%s}}}]
                  volumes:
                  - %s
                """.formatted(limits, volume));
    }

    private static Pod pod(String volume) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  containers: [{name: c, image: i}]
                  volumes:
                  - %s
                """.formatted(volume.replace("\n", " ")));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void requireRoot() {
        assertThat(isRoot()).as("this test mounts and needs root").isTrue();
    }

    private final class Configs implements ConfigSource {

        @Override
        public Optional<ConfigMap> configMap(String namespace, String name) {
            return Optional.ofNullable(configMaps.get(name))
                    .map(data -> new ConfigMapBuilder().withData(data).build());
        }

        @Override
        public Optional<Secret> secret(String namespace, String name) {
            return Optional.empty();
        }
    }

    private final class Claims implements ClaimSource {

        @Override
        public Optional<PersistentVolumeClaim> claim(String namespace, String name) {
            return Optional.ofNullable(claims.get(name));
        }

        @Override
        public Optional<PersistentVolume> volume(String name) {
            return Optional.ofNullable(persistent.get(name));
        }

        @Override
        public void grown(PersistentVolumeClaim claim, Quantity size) {
            throw new AssertionError("nothing grows here");
        }
    }

    /** No driver, no attachment. */
    private static final class Drivers implements CsiSource {

        @Override
        public Optional<CSIDriver> driver(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<VolumeAttachment> attachment(String name) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> secret(String namespace, String name) {
            return Map.of();
        }
    }
}
