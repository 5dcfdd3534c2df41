package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.ContainerStatus;
import io.vertikube.kubelet.cri.v1.ContainerUser;
import io.vertikube.kubelet.cri.v1.LinuxContainerUser;
import io.vertikube.kubelet.runtime.ContainerStatus.User;
import java.util.List;
import org.junit.jupiter.api.Test;

/** KEP-3619: whom a container runs as, which only the runtime knows that looked into the image. */
class ContainerUserMessageTest {

    @Test
    void aRuntimeThatKnowsSaysIt() {
        var linux = LinuxContainerUser.newBuilder().setUid(1000).setGid(3000).addSupplementalGroups(3000);
        var answer = ContainerStatus.newBuilder()
                .setUser(ContainerUser.newBuilder().setLinux(linux))
                .build();
        assertThat(FromCri.containerStatus(answer, "s").user()).contains(new User(1000, 3000, List.of(3000L)));
    }

    @Test
    void anOlderOneDoesNot() {
        assertThat(FromCri.containerStatus(ContainerStatus.getDefaultInstance(), "s")
                        .user())
                .isEmpty();
    }
}
