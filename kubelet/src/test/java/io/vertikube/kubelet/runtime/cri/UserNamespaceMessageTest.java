package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.IDMapping;
import io.vertikube.kubelet.cri.v1.NamespaceMode;
import io.vertikube.kubelet.cri.v1.UserNamespace;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.NamespaceSharing;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserNamespaceMessageTest {

    private static final PlainPod POD = new PlainPod(new PodIdentity("ns", "p", "u"), Path.of("/logs"), true);

    @Test
    void aPodOfItsOwnUsersHasThemInItsSandboxItsContainersAndAllOfTheirMounts() {
        IDMapping ids = IDMapping.newBuilder()
                .setHostId((int) 4_294_836_224L)
                .setContainerId(0)
                .setLength(65536)
                .build();
        UserNamespace own = UserNamespace.newBuilder()
                .setMode(NamespaceMode.POD)
                .addUids(ids)
                .addGids(ids)
                .build();
        var sharing = sharing(Optional.of(new IdRange(4_294_836_224L, 65536)));
        var sandbox = ToCri.sandbox(POD.sandbox("", sharing));
        assertThat(sandbox.getLinux().getSecurityContext().getNamespaceOptions().getUsernsOptions())
                .isEqualTo(own);
        var container = ToCri.container(POD.container("c", 0, "i", List.of(), mounts(), sharing));
        assertThat(container
                        .getLinux()
                        .getSecurityContext()
                        .getNamespaceOptions()
                        .getUsernsOptions())
                .isEqualTo(own);
        assertThat(container.getMountsList()).hasSize(2).allSatisfy(mount -> {
            assertThat(mount.getUidMappingsList()).containsExactly(ids);
            assertThat(mount.getGidMappingsList()).containsExactly(ids);
        });
    }

    @Test
    void everyOtherPodIsToldToHaveTheMachines() {
        UserNamespace host =
                UserNamespace.newBuilder().setMode(NamespaceMode.NODE).build();
        var sandbox = ToCri.sandbox(POD.sandbox("", sharing(Optional.empty())));
        assertThat(sandbox.getLinux().getSecurityContext().getNamespaceOptions().getUsernsOptions())
                .isEqualTo(host);
        var container = ToCri.container(POD.container("c", 0, "i", List.of(), mounts(), sharing(Optional.empty())));
        assertThat(container
                        .getLinux()
                        .getSecurityContext()
                        .getNamespaceOptions()
                        .getUsernsOptions())
                .isEqualTo(host);
        assertThat(container.getMountsList()).hasSize(2).allSatisfy(mount -> {
            assertThat(mount.getUidMappingsList()).isEmpty();
            assertThat(mount.getGidMappingsList()).isEmpty();
        });
    }

    private static List<Mount> mounts() {
        return List.of(Mount.of("/etc/hosts", "/h", false), Mount.of("/data", "/d", true));
    }

    private static NamespaceSharing sharing(Optional<IdRange> users) {
        return new NamespaceSharing(false, false, NamespaceSharing.Pid.CONTAINER, "", users);
    }
}
