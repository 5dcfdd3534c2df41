package io.vertikube.kubelet.csi;

import io.vertikube.value.CsiNames;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A volume as a driver is told of it. Immutable.
 *
 * @param handle the driver's own name of it
 * @param name the PersistentVolume's name, or that of the pod's inline volume
 * @param inline whether it lives and dies with its pod, and is published without being staged
 * @param readOnly how it is published
 * @param block whether it is a device instead of a file system
 * @param accessModes of the volume, as in the API
 * @param context the volume's attributes, and what the driver asked to know of the pod
 * @param attached what attaching it told
 * @param group group of its files, where the volume's kind and the driver's policy want one
 * @param groupAlways whether files get the group though the top folder has it already
 * @param republish whether to publish again at every look
 */
public record CsiVolume(
        String driver,
        String handle,
        String name,
        boolean inline,
        boolean readOnly,
        boolean block,
        String fsType,
        List<String> mountOptions,
        List<String> accessModes,
        Map<String, String> context,
        Map<String, String> attached,
        Map<String, String> stageSecrets,
        Map<String, String> publishSecrets,
        OptionalLong group,
        boolean groupAlways,
        boolean republish) {

    public CsiVolume {
        mountOptions = List.copyOf(mountOptions);
        accessModes = List.copyOf(accessModes);
        context = Map.copyOf(context);
        attached = Map.copyOf(attached);
        stageSecrets = Map.copyOf(stageSecrets);
        publishSecrets = Map.copyOf(publishSecrets);
    }

    /** How the Node's status names it. */
    public String uniqueName() {
        return CsiNames.unique(driver, handle);
    }
}
