package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.client.UnreachableException;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.env.FieldValues;
import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes, refreshes and takes away the volumes of pods below {@code <root>/pods/<uid>}. Safe for any thread, one thread a
 * pod.
 */
public final class PodVolumes {

    private static final String SUB_PATHS = "volume-subpaths";
    private static final int LARGEST_READ = 1 << 20;

    private final Path podsDir;
    private final boolean mayMount;
    private final List<VolumePlugin> plugins;
    private final CsiMounts csi;
    private final LoopDevices devices;

    /** What stands, by pod uid and volume. */
    private final Map<String, Map<String, MountedVolume>> mounted = new ConcurrentHashMap<>();

    /**
     * Below a kubelet's root folder.
     *
     * @param hostPaths the node's own file system
     * @param csi what volumes of CSI drivers need
     * @param folders where folders of provisioned volumes are noted
     * @param mayMount whether the kubelet runs as root; without, nothing is mounted and secrets lie on disk
     */
    public PodVolumes(
            Path rootDir,
            ConfigSource configs,
            TokenSource tokens,
            ClaimSource claims,
            HostPaths hostPaths,
            LocalFolders folders,
            CsiAccess csi,
            boolean mayMount) {
        this.podsDir = rootDir.resolve("pods");
        this.mayMount = mayMount;
        this.csi = csi.mounts();
        this.devices = new LoopDevices(podsDir, MachineCommands.INSTALLED);
        var csiPlugin = new CsiPlugin(csi, tokens, claims);
        var nfsPlugin = new NfsPlugin();
        this.plugins = List.of(
                new EmptyDirPlugin(),
                new HostPathPlugin(hostPaths),
                new ProjectedPlugin(configs, tokens, mayMount),
                csiPlugin,
                nfsPlugin,
                new ClaimPlugin(claims, hostPaths, folders, csiPlugin, nfsPlugin, devices));
    }

    /** The folder that holds everything of a pod. */
    public Path podDir(String uid) {
        return podsDir.resolve(uid);
    }

    /**
     * What came of setting a pod's volumes up; those in neither map were not tried. Immutable.
     *
     * @param mounted what stands, by volume
     * @param failed why the others do not, by volume, in a whole sentence
     */
    public record SetUp(Map<String, MountedVolume> mounted, Map<String, VolumeFailure> failed, boolean isWhole) {}

    /**
     * Makes or refreshes the volumes of a pod; one that fails keeps none of the others back.
     *
     * @param mayTry which volumes to try, by name
     */
    public SetUp setUp(Pod pod, FieldValues fields, Predicate<String> mayTry) {
        var context = new VolumeContext(pod, podDir(pod.getMetadata().getUid()), fields);
        // An image's files are the runtime's to mount.
        List<Volume> wanted = Optional.ofNullable(pod.getSpec().getVolumes()).orElse(List.of()).stream()
                .filter(volume -> volume.getImage() == null)
                .toList();
        Map<String, MountedVolume> result = new LinkedHashMap<>();
        Map<String, VolumeFailure> failed = new LinkedHashMap<>();
        for (Volume volume : wanted) {
            if (mayTry.test(volume.getName())) {
                try {
                    result.put(volume.getName(), pluginFor(volume).setUp(context, volume));
                } catch (VolumeFailure e) {
                    failed.put(volume.getName(), e.isSentence() ? e : named(volume, e));
                } catch (ConfigProblem | ApiException | UnreachableException e) {
                    failed.put(volume.getName(), named(volume, e));
                }
            }
        }
        boolean whole = result.size() == wanted.size();
        if (whole) {
            mounted.put(pod.getMetadata().getUid(), Map.copyOf(result));
        }
        return new SetUp(Collections.unmodifiableMap(result), Collections.unmodifiableMap(failed), whole);
    }

    /** The volumes of a pod that were made and not taken away since this kubelet started, by name. */
    public Map<String, MountedVolume> mounted(String uid) {
        return mounted.getOrDefault(uid, Map.of());
    }

    private static VolumeFailure named(Volume volume, RuntimeException e) {
        return new VolumeFailure(
                "MountVolume.SetUp failed for volume \"" + volume.getName() + "\" : " + e.getMessage(), e);
    }

    /** What a file below a volume says, whatever links there are without leaving the volume; empty if it is not there. */
    public static Optional<String> read(MountedVolume volume, String file) {
        try {
            return Mounts.readBeneath(
                            volume.path(), staysInside(file).normalize().toString(), LARGEST_READ)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new VolumeFailure("failed to read \"" + file + "\": " + e.getMessage(), e);
        }
    }

    /**
     * What to mount for a subPath: the file or folder below the volume, bound so that no link leads out of it.
     *
     * @param index position of the mount in its container, part of the place it is bound to
     */
    public Path subPath(
            String uid, String volumeName, MountedVolume volume, String container, int index, String subPath) {
        Path parsed = staysInside(subPath);
        try {
            if (!mayMount) {
                Path path = volume.path().resolve(parsed);
                if (Files.notExists(path)) {
                    Files.createDirectories(path);
                }
                return path;
            }
            Path target = podDir(uid)
                    .resolve(SUB_PATHS)
                    .resolve(volumeName)
                    .resolve(container)
                    .resolve(Integer.toString(index));
            if (Files.exists(target) && Mounts.isMountPoint(target)) {
                Mounts.unmount(target);
            }
            AtomicWriter.deleteTree(target);
            Mounts.bindBeneath(volume.path(), parsed.normalize().toString(), target);
            return target;
        } catch (IOException e) {
            throw new VolumeFailure(
                    "failed to prepare subPath for volumeMount \"" + volumeName + "\" of container \"" + container
                            + "\": " + e.getMessage(),
                    e);
        }
    }

    /** The path; one that begins outside of its volume or climbs out of it is a failure. */
    public static Path staysInside(String subPath) {
        Path parsed = Path.of(subPath);
        if (parsed.isAbsolute() || Stream.of(subPath.split("/")).anyMatch(".."::equals)) {
            throw new VolumeFailure("subPath \"" + subPath + "\" must be relative and must not contain '..'");
        }
        return parsed;
    }

    /** Takes away every mount and file of a pod. */
    public void tearDown(String uid) throws IOException {
        mounted.remove(uid);
        Path folder = podDir(uid);
        if (Files.notExists(folder)) {
            return;
        }
        if (mayMount) {
            Mounts.unmountAll(folder.resolve(SUB_PATHS));
        }
        csi.unmountAll(folder);
        devices.release(folder);
        if (mayMount) {
            Mounts.unmountAll(folder);
            if (!Mounts.under(folder).isEmpty()) {
                throw new IOException("something is still mounted below " + folder);
            }
        }
        AtomicWriter.deleteTree(folder);
    }

    /** Gives back what drivers still hold on this machine for pods that are gone. */
    public void giveBackLeft() throws IOException {
        csi.unstageLeft();
    }

    /** Pods that have a folder here. */
    public List<String> podUids() throws IOException {
        if (Files.notExists(podsDir)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(podsDir)) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        }
    }

    private VolumePlugin pluginFor(Volume volume) {
        return plugins.stream()
                .filter(plugin -> plugin.handles(volume))
                .findFirst()
                .orElseThrow(
                        () -> new VolumeFailure("volume type " + kindOf(volume) + " is not supported on this node"));
    }

    /** The field that is set, as the manifest has it. */
    private static String kindOf(Volume volume) {
        var fields = new TreeSet<String>();
        Json.tree(Json.bytes(volume)).fieldNames().forEachRemaining(fields::add);
        fields.remove("name");
        return fields.isEmpty() ? "(none)" : fields.first();
    }
}
