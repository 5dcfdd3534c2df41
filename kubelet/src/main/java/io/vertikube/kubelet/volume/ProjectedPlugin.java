package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.ConfigMapProjectionBuilder;
import io.fabric8.kubernetes.api.model.DownwardAPIProjectionBuilder;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.SecretProjectionBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Volumes of files that come from API objects: {@code configMap}, {@code secret}, {@code downwardAPI} and
 * {@code projected}; the first three are read as a projection of one source. Secrets and tokens lie in memory when the
 * kubelet may mount it.
 */
final class ProjectedPlugin implements VolumePlugin {

    private static final int DEFAULT_MODE = 0644;
    private static final int GROUP_READ = 0440;

    private final ProjectedFiles files;
    private final boolean mayMount;

    ProjectedPlugin(ConfigSource configs, TokenSource tokens, boolean mayMount) {
        this.files = new ProjectedFiles(configs, tokens);
        this.mayMount = mayMount;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getDownwardAPI() != null
                || volume.getProjected() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        Path folder = context.folder(pluginOf(volume), volume.getName());
        int mode = modeOf(volume) | (context.fsGroup().isPresent() ? GROUP_READ : 0);
        Map<String, FileBody> wanted = files.of(context, sourcesOf(volume), mode);
        try {
            if (Files.notExists(folder)) {
                Files.createDirectories(folder);
            }
            if (mayMount && holdsSecrets(volume) && !Mounts.isMountPoint(folder)) {
                Mounts.tmpfs(folder, 0);
            }
            AtomicWriter.setMode(folder, 0777);
            new AtomicWriter(folder, context.fsGroup()).write(wanted);
        } catch (IOException e) {
            throw new VolumeFailure("cannot write volume \"" + volume.getName() + "\": " + e.getMessage(), e);
        }
        return MountedVolume.own(folder, true);
    }

    private static boolean holdsSecrets(Volume volume) {
        return volume.getConfigMap() == null && volume.getDownwardAPI() == null;
    }

    private static String pluginOf(Volume volume) {
        if (volume.getConfigMap() != null) {
            return "kubernetes.io~configmap";
        }
        if (volume.getSecret() != null) {
            return "kubernetes.io~secret";
        }
        return volume.getDownwardAPI() != null ? "kubernetes.io~downward-api" : "kubernetes.io~projected";
    }

    private static int modeOf(Volume volume) {
        Integer mode = null;
        if (volume.getConfigMap() != null) {
            mode = volume.getConfigMap().getDefaultMode();
        } else if (volume.getSecret() != null) {
            mode = volume.getSecret().getDefaultMode();
        } else if (volume.getDownwardAPI() != null) {
            mode = volume.getDownwardAPI().getDefaultMode();
        } else if (volume.getProjected() != null) {
            mode = volume.getProjected().getDefaultMode();
        }
        return mode == null ? DEFAULT_MODE : mode;
    }

    private static List<VolumeProjection> sourcesOf(Volume volume) {
        var single = new VolumeProjectionBuilder();
        if (volume.getConfigMap() != null) {
            single.withConfigMap(new ConfigMapProjectionBuilder()
                    .withName(volume.getConfigMap().getName())
                    .withItems(volume.getConfigMap().getItems())
                    .withOptional(volume.getConfigMap().getOptional())
                    .build());
        } else if (volume.getSecret() != null) {
            single.withSecret(new SecretProjectionBuilder()
                    .withName(volume.getSecret().getSecretName())
                    .withItems(volume.getSecret().getItems())
                    .withOptional(volume.getSecret().getOptional())
                    .build());
        } else if (volume.getDownwardAPI() != null) {
            single.withDownwardAPI(new DownwardAPIProjectionBuilder()
                    .withItems(volume.getDownwardAPI().getItems())
                    .build());
        } else {
            return Optional.ofNullable(volume.getProjected())
                    .map(ProjectedVolumeSource::getSources)
                    .orElse(List.of());
        }
        return List.of(single.build());
    }
}
