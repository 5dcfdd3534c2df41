package io.vertikube.scheduler.snapshot;

import static io.vertikube.scheduler.Fixtures.node;
import static io.vertikube.scheduler.Fixtures.placed;
import static io.vertikube.scheduler.Fixtures.pod;
import static io.vertikube.scheduler.Fixtures.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.ObjectKey;
import org.junit.jupiter.api.Test;

class ClusterCacheTest {

    private final ClusterCache cache = new ClusterCache(Surroundings.none());

    private long cpu(String node) {
        NodeView view = cache.snapshot().node(node);
        return view == null ? -1 : view.requested().milliCpu();
    }

    @Test
    void assumedPodCountsAtOnceAndOnceOnly() {
        cache.putNode(node("a", "z").build());
        PodView pod = view(pod("p", "x", "1", "1Mi"));
        cache.assume(pod, "a");
        assertThat(cpu("a")).isEqualTo(1000);
        cache.putPod(placed("p", "x", "1", "a", 0));
        assertThat(cpu("a")).isEqualTo(1000);
        cache.forget(pod.key());
        assertThat(cpu("a")).isEqualTo(1000);
        cache.removePod(pod.key());
        assertThat(cpu("a")).isZero();
    }

    @Test
    void forgottenAssumptionFreesTheNode() {
        cache.putNode(node("a", "z").build());
        PodView pod = view(pod("p", "x", "1", "1Mi"));
        cache.assume(pod, "a");
        cache.forget(pod.key());
        assertThat(cpu("a")).isZero();
    }

    @Test
    void podMayBeSeenBeforeItsNodeAndOutliveIt() {
        cache.putPod(placed("p", "x", "1", "a", 0));
        cache.putNode(node("a", "z").build());
        assertThat(cpu("a")).isEqualTo(1000);
        cache.removeNode("a");
        cache.putNode(node("a", "z").build());
        assertThat(cpu("a")).isEqualTo(1000);
        cache.removeNode("a");
        cache.removePod(new ObjectKey("default", "p"));
        cache.putNode(node("a", "z").build());
        assertThat(cpu("a")).isZero();
    }

    @Test
    void pictureDoesNotChangeBehindItsHolder() {
        cache.putNode(node("a", "z").build());
        Snapshot before = cache.snapshot();
        cache.putPod(placed("p", "x", "1", "a", 0));
        assertThat(before.node("a").pods()).isEmpty();
        assertThat(cache.snapshot()).isNotSameAs(before).isSameAs(cache.snapshot());
    }
}
