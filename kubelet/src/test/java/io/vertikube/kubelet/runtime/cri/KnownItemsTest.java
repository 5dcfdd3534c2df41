package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertikube.kubelet.cri.v1.Container;
import io.vertikube.kubelet.cri.v1.ContainerMetadata;
import io.vertikube.kubelet.cri.v1.ContainerState;
import io.vertikube.kubelet.cri.v1.ImageSpec;
import io.vertikube.kubelet.cri.v1.ListContainersResponse;
import io.vertikube.kubelet.cri.v1.ListPodSandboxResponse;
import io.vertikube.kubelet.cri.v1.PodSandbox;
import io.vertikube.kubelet.cri.v1.PodSandboxMetadata;
import io.vertikube.kubelet.cri.v1.PodSandboxState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists of the runtime, one after the other: what is told is what a whole reading tells, and what is known is not read again. */
final class KnownItemsTest {

    private final KnownItems<?, io.vertikube.kubelet.runtime.Container> containers = CriLists.containers();
    private final KnownItems<?, io.vertikube.kubelet.runtime.Sandbox> sandboxes = CriLists.sandboxes();

    @Test
    void whatDidNotChangeIsTheSameObjectInTheNextList() {
        Container a = container("a", ContainerState.CONTAINER_RUNNING);
        Container b = container("b", ContainerState.CONTAINER_CREATED);
        List<io.vertikube.kubelet.runtime.Container> first = read(a, b);
        assertThat(first).containsExactlyInAnyOrder(FromCri.container(a), FromCri.container(b));

        List<io.vertikube.kubelet.runtime.Container> second = read(b, a);
        assertThat(second)
                .usingElementComparator((one, other) -> one == other ? 0 : 1)
                .hasSameElementsAs(first);
    }

    @Test
    void everyStateIsSeenAndWhatIsGoneIsForgotten() {
        for (ContainerState state : ContainerState.values()) {
            if (state != ContainerState.UNRECOGNIZED) {
                assertThat(read(container("a", state))).containsExactly(FromCri.container(container("a", state)));
            }
        }
        assertThat(read()).isEmpty();
        Container other = container("a", ContainerState.CONTAINER_UNKNOWN).toBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("another"))
                .build();
        assertThat(read(other)).containsExactly(FromCri.container(other));
    }

    @Test
    void aSandboxThatEndsIsSeen() {
        PodSandbox ready = PodSandbox.newBuilder()
                .setId("s")
                .setMetadata(PodSandboxMetadata.newBuilder().setName("web").setUid("u"))
                .setCreatedAt(1_000_000_000)
                .putLabels("app", "web")
                .putLabels("tier", "front")
                .build();
        PodSandbox ended =
                ready.toBuilder().setState(PodSandboxState.SANDBOX_NOTREADY).build();
        for (PodSandbox now : List.of(ready, ready, ended, ready)) {
            byte[] answer =
                    ListPodSandboxResponse.newBuilder().addItems(now).build().toByteArray();
            assertThat(sandboxes.read(answer)).containsExactly(FromCri.sandbox(now));
        }
    }

    @Test
    void anAnswerThatIsCutOffFails() {
        byte[] whole = ListContainersResponse.newBuilder()
                .addContainers(container("a", ContainerState.CONTAINER_RUNNING))
                .build()
                .toByteArray();
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);
        assertThatThrownBy(() -> containers.read(cut))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL));
    }

    private List<io.vertikube.kubelet.runtime.Container> read(Container... all) {
        return containers.read(ListContainersResponse.newBuilder()
                .addAllContainers(List.of(all))
                .build()
                .toByteArray());
    }

    private static Container container(String id, ContainerState state) {
        return Container.newBuilder()
                .setId(id)
                .setPodSandboxId("s")
                .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(2))
                .setImage(ImageSpec.newBuilder().setImage("i"))
                .setImageRef("sha256:1")
                .setState(state)
                .setCreatedAt(1_700_000_000_000_000_000L)
                .putLabels("app", "web")
                .putLabels("tier", "front")
                .build();
    }
}
