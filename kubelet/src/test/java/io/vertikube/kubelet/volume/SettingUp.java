package io.vertikube.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.env.FieldValues;
import java.util.Map;

/** Sets all volumes of a pod up at once. */
final class SettingUp {

    private SettingUp() {}

    /** All of them, by name; the first that fails is thrown. */
    static Map<String, MountedVolume> all(PodVolumes volumes, Pod pod, FieldValues fields) {
        PodVolumes.SetUp result = volumes.setUp(pod, fields, volume -> true);
        result.failed().values().forEach(failure -> {
            throw failure;
        });
        assertThat(result.isWhole()).isTrue();
        return result.mounted();
    }
}
