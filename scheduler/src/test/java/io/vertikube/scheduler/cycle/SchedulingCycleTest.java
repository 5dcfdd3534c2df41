package io.vertikube.scheduler.cycle;

import static io.vertikube.scheduler.Fixtures.node;
import static io.vertikube.scheduler.Fixtures.placed;
import static io.vertikube.scheduler.Fixtures.pod;
import static io.vertikube.scheduler.Fixtures.podOf;
import static io.vertikube.scheduler.Fixtures.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.plugin.Plugins;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.scheduler.snapshot.Surroundings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulingCycleTest {

    private static final SchedulingCycle CYCLE = new SchedulingCycle(Plugins.all(), 0);

    private static Decision decide(PodView pod, NodeView... nodes) {
        return decide(pod, Snapshot.of(List.of(nodes)));
    }

    private static Decision decide(PodView pod, Snapshot snapshot) {
        return CYCLE.decide(pod, snapshot, 0, new SplittableRandom(7));
    }

    private static String chosen(PodView pod, NodeView... nodes) {
        return switch (decide(pod, nodes)) {
            case Decision.Place place -> place.node();
            case Decision.None none -> Sentence.of(none);
            case Decision.Refused refused -> Sentence.of(refused);
        };
    }

    @Test
    void emptyClusterSaysSo() {
        assertThat(chosen(podOf(p -> p))).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void theSentenceCountsAndSortsReasons() {
        var full = view(node("a", "z1"), placed("x", "x", "3500m", "a", 0));
        var tainted = view(node("b", "z1")
                .editSpec()
                .addNewTaint("NoSchedule", "gpu", null, "yes")
                .endSpec());
        var other = view(node("c", "z1")
                .editSpec()
                .addNewTaint("NoSchedule", "gpu", null, "yes")
                .endSpec());
        assertThat(chosen(podOf(p -> p), full, tainted, other))
                .isEqualTo("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {gpu: yes}.");
    }

    @Test
    void oneNodeMayLackSeveralThings() {
        var small = view(node("a", "z1")
                .editStatus()
                .withAllocatable(
                        Map.of("cpu", new Quantity("500m"), "memory", new Quantity("1Mi"), "pods", new Quantity("0")))
                .endStatus());
        assertThat(chosen(podOf(p -> p), small))
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Too many pods.");
    }

    @Test
    void initContainersAndOverheadCount() {
        var init = podOf(p -> p.editSpec()
                .addNewInitContainer()
                .withName("i")
                .withNewResources()
                .addToRequests("cpu", new Quantity("3"))
                .endResources()
                .endInitContainer()
                .addNewInitContainer()
                .withName("sidecar")
                .withRestartPolicy("Always")
                .withNewResources()
                .addToRequests("cpu", new Quantity("1500m"))
                .endResources()
                .endInitContainer()
                .addToOverhead("cpu", new Quantity("250m"))
                .endSpec());
        assertThat(init.requested().milliCpu()).isEqualTo(3250);
        var late = podOf(p -> p.editSpec()
                .addToInitContainers(
                        new ContainerBuilder(init.spec().getInitContainers().get(1)).build(),
                        new ContainerBuilder(init.spec().getInitContainers().get(0)).build())
                .endSpec());
        assertThat(late.requested().milliCpu()).isEqualTo(4500);
    }

    @Test
    void emptierNodeIsBetter() {
        var busy = view(node("a", "z1"), placed("x", "x", "2", "a", 0));
        var idle = view(node("b", "z1"));
        assertThat(chosen(podOf(p -> p), busy, idle)).isEqualTo("b");
    }

    @Test
    void extendedResourcesMustBeThere() {
        var wants = podOf(p -> p.editSpec()
                .editFirstContainer()
                .editResources()
                .addToRequests("example.com/gpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec());
        assertThat(chosen(wants, view(node("a", "z1"))))
                .isEqualTo("0/1 nodes are available: 1 Insufficient example.com/gpu.");
    }

    @Test
    void cordonNameAndSelectorKeepOff() {
        var cordoned = view(node("a", "z1").editSpec().withUnschedulable(true).endSpec());
        assertThat(chosen(podOf(p -> p), cordoned)).contains("1 node(s) were unschedulable");
        var named = podOf(p -> p.editSpec().withNodeName("b").endSpec());
        assertThat(chosen(named, view(node("a", "z1")))).contains("1 node(s) didn't match the requested node name");
        var selecting = podOf(p -> p.editSpec().addToNodeSelector("disk", "ssd").endSpec());
        assertThat(chosen(selecting, view(node("a", "z1"))))
                .contains("1 node(s) didn't match Pod's node affinity/selector");
        var ssd = view(node("b", "z1").editMetadata().addToLabels("disk", "ssd").endMetadata());
        assertThat(chosen(selecting, view(node("a", "z1")), ssd)).isEqualTo("b");
    }

    @Test
    void nodeAffinityOperatorsAndPreference() {
        var wants = podOf(p -> p.editSpec()
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(new NodeSelectorRequirement("cores", "Gt", List.of("7")))
                .addToMatchExpressions(new NodeSelectorRequirement("old", "DoesNotExist", List.of()))
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(50)
                .withNewPreference()
                .addToMatchExpressions(new NodeSelectorRequirement("zone", "In", List.of("z2")))
                .endPreference()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .endSpec());
        var small =
                view(node("a", "z2").editMetadata().addToLabels("cores", "4").endMetadata());
        var old = view(node("b", "z2")
                .editMetadata()
                .addToLabels("cores", "8")
                .addToLabels("old", "")
                .endMetadata());
        var right =
                view(node("c", "z1").editMetadata().addToLabels("cores", "8").endMetadata());
        var better =
                view(node("d", "z2").editMetadata().addToLabels("cores", "16").endMetadata());
        assertThat(chosen(wants, small, old, right)).isEqualTo("c");
        assertThat(chosen(wants, small, old, right, better)).isEqualTo("d");
    }

    @Test
    void tolerationLetsIn() {
        var tainted = view(node("a", "z1")
                .editSpec()
                .addNewTaint("NoExecute", "k", null, "v")
                .endSpec());
        assertThat(chosen(
                        podOf(p -> p.editSpec()
                                .addNewToleration("NoExecute", "k", "Equal", null, "v")
                                .endSpec()),
                        tainted))
                .isEqualTo("a");
        assertThat(chosen(
                        podOf(p -> p.editSpec()
                                .addNewToleration(null, null, "Exists", null, null)
                                .endSpec()),
                        tainted))
                .isEqualTo("a");
        assertThat(chosen(
                        podOf(p -> p.editSpec()
                                .addNewToleration("NoExecute", "k", "Equal", null, "w")
                                .endSpec()),
                        tainted))
                .contains("untolerated taint {k: v}");
        var soft = view(node("b", "z1")
                .editSpec()
                .addNewTaint("PreferNoSchedule", "k", null, "v")
                .endSpec());
        assertThat(chosen(podOf(p -> p), soft, view(node("c", "z1")))).isEqualTo("c");
    }

    @Test
    void hostPortsCollideByAddressAndProtocol() {
        var taken = view(
                node("a", "z1"),
                port("x", 8080, "0.0.0.0", "TCP")
                        .editSpec()
                        .withNodeName("a")
                        .endSpec()
                        .build());
        String refused = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
        assertThat(chosen(view(port("p", 8080, "127.0.0.1", "TCP")), taken)).isEqualTo(refused);
        assertThat(chosen(view(port("p", 8080, null, "UDP")), taken)).isEqualTo("a");
        var one = view(node("a", "z1"), port("x", 8080, "10.0.0.1", "TCP").build());
        assertThat(chosen(view(port("p", 8080, "10.0.0.2", "TCP")), one)).isEqualTo("a");
        assertThat(chosen(view(port("p", 8080, null, "TCP")), one)).isEqualTo(refused);
    }

    private static PodBuilder port(String name, int hostPort, String hostIp, String protocol) {
        return pod(name, "web", "1m", "1Mi")
                .editSpec()
                .editFirstContainer()
                .addNewPort()
                .withContainerPort(80)
                .withHostPort(hostPort)
                .withHostIP(hostIp)
                .withProtocol(protocol)
                .endPort()
                .endContainer()
                .endSpec();
    }

    @Test
    void gatedPodWaits() {
        var gated =
                podOf(p -> p.editSpec().addNewSchedulingGate("example.com/wait").endSpec());
        assertThat(decide(gated, view(node("a", "z1")))).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void podThatClaimsDevicesWaitsAndSaysWhy() {
        var claims = podOf(p -> p.editSpec()
                .addNewResourceClaim()
                .withName("gpu")
                .withResourceClaimName("gpu")
                .endResourceClaim()
                .endSpec());
        assertThat(chosen(claims, view(node("a", "z1"))))
                .contains("this scheduler does not allocate resource claims: leave out spec.resourceClaims");
    }

    @Test
    void imageThatIsThereIsBetter() {
        var has = view(node("a", "z1")
                .editStatus()
                .addNewImage()
                .withNames("registry.local/app:1")
                .withSizeBytes(800_000_000L)
                .endImage()
                .endStatus());
        assertThat(chosen(podOf(p -> p), view(node("b", "z1")), has, view(node("c", "z1"))))
                .isEqualTo("a");
    }

    @Test
    void spreadConstraintHoldsTheSkewDown() {
        var wants = podOf(p -> spread(p, "DoNotSchedule"));
        var crowded = view(node("a", "z1"), placed("x", "web", "1m", "a", 0));
        var unlabelled =
                view(node("c", "z1").editMetadata().removeFromLabels("zone").endMetadata());
        assertThat(chosen(wants, crowded, view(node("b", "z2")), unlabelled)).isEqualTo("b");
        assertThat(chosen(
                        wants,
                        crowded,
                        view(node("b", "z2").editSpec().withUnschedulable(true).endSpec()),
                        unlabelled))
                .isEqualTo("0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, "
                        + "1 node(s) didn't match pod topology spread constraints (missing required label), "
                        + "1 node(s) were unschedulable.");
        assertThat(chosen(podOf(p -> spread(p, "ScheduleAnyway")), crowded, view(node("b", "z2"))))
                .isEqualTo("b");
    }

    private static PodBuilder spread(PodBuilder pod, String when) {
        return pod.editSpec()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("zone")
                .withWhenUnsatisfiable(when)
                .withLabelSelector(app("web"))
                .endTopologySpreadConstraint()
                .endSpec();
    }

    @Test
    void affinityBringsTogetherAndAntiAffinityKeepsApart() {
        var db = view(node("a", "z1"), placed("db", "db", "1m", "a", 0));
        var sameZone = view(node("b", "z1"), placed("busy", "x", "3", "b", 0));
        var elsewhere = view(node("c", "z2"));
        var near = podOf(p -> near(p, "db", "zone"));
        assertThat(chosen(near, elsewhere))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
        assertThat(chosen(near, sameZone, db, elsewhere)).isIn("a", "b");
        var far = podOf(p -> far(p, "db", "zone"));
        assertThat(chosen(far, db, sameZone, elsewhere)).isEqualTo("c");
        assertThat(chosen(far, db)).contains("1 node(s) didn't match pod anti-affinity rules");
        var existing = view(
                node("a", "z1"), far(pod("x", "db", "1m", "1Mi"), "web", "zone").build());
        assertThat(chosen(podOf(p -> p), existing))
                .contains("1 node(s) didn't satisfy existing pods anti-affinity rules");
    }

    @Test
    void firstOfAGroupThatWantsToBeTogetherMayStart() {
        assertThat(chosen(podOf(p -> near(p, "web", "zone")), view(node("a", "z1"))))
                .isEqualTo("a");
    }

    private static PodBuilder near(PodBuilder pod, String app, String key) {
        return pod.editSpec()
                .withNewAffinity()
                .withNewPodAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withLabelSelector(app(app))
                .withTopologyKey(key)
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAffinity()
                .endAffinity()
                .endSpec();
    }

    private static PodBuilder far(PodBuilder pod, String app, String key) {
        return pod.editSpec()
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withLabelSelector(app(app))
                .withTopologyKey(key)
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity()
                .endSpec();
    }

    private static LabelSelector app(String app) {
        return new LabelSelectorBuilder().addToMatchLabels("app", app).build();
    }

    @Test
    void volumesTieAPodToTheirNodes() {
        var pod = podOf(p -> p.editSpec()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim("data", false)
                .endVolume()
                .endSpec());
        var storage = new Storage();
        var nodes = List.of(view(node("a", "z1")), view(node("b", "z2")));
        assertThat(refusal(pod, storage, nodes))
                .isEqualTo("0/2 nodes are available: persistentvolumeclaim \"data\" not found.");
        storage.claim("data", "slow", null);
        assertThat(refusal(pod, storage, nodes))
                .isEqualTo("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
        storage.waiting("slow");
        assertThat(decide(pod, Snapshot.of(nodes, Map.of(), storage))).isInstanceOf(Decision.Place.class);
        storage.claim("data", "slow", "pv");
        storage.volume("pv", "z2");
        assertThat(decide(pod, Snapshot.of(nodes, Map.of(), storage))).isEqualTo(new Decision.Place("b", 2, 1));
        storage.volume("pv", "z9");
        assertThat(decide(pod, Snapshot.of(nodes, Map.of(), storage)))
                .isInstanceOfSatisfying(
                        Decision.None.class,
                        none -> assertThat(Sentence.of(none)).contains("2 node(s) had volume node affinity conflict"));
    }

    private static String refusal(PodView pod, Surroundings storage, List<NodeView> nodes) {
        return Sentence.of((Decision.Refused) decide(pod, Snapshot.of(nodes, Map.of(), storage)));
    }

    @Test
    void roomMadeForAnImportantPodIsNotFree() {
        var important =
                view(pod("vip", "vip", "3", "1Gi").editSpec().withPriority(100).endSpec());
        var snapshot =
                Snapshot.of(List.of(view(node("a", "z1"))), Map.of("a", List.of(important)), Surroundings.none());
        assertThat(decide(
                        podOf(p -> p.editSpec()
                                .editFirstContainer()
                                .editResources()
                                .addToRequests("cpu", new Quantity("2"))
                                .endResources()
                                .endContainer()
                                .endSpec()),
                        snapshot))
                .isInstanceOf(Decision.None.class);
        assertThat(decide(important, snapshot)).isInstanceOf(Decision.Place.class);
    }

    @Test
    void largeClusterIsSearchedInPartEachTimeFromElsewhere() {
        var nodes =
                IntStream.range(0, 1000).mapToObj(i -> view(node("n" + i, "z"))).toList();
        var decision = (Decision.Place) CYCLE.decide(podOf(p -> p), Snapshot.of(nodes), 990, new SplittableRandom(1));
        assertThat(decision.evaluated()).isEqualTo(420);
        assertThat(decision.feasible()).isEqualTo(420);
    }

    /** Claims, volumes and classes of a test. */
    private static final class Storage implements Surroundings {
        private final Map<ObjectKey, PersistentVolumeClaim> claims = new HashMap<>();
        private final Map<String, PersistentVolume> volumes = new HashMap<>();
        private final Map<String, StorageClass> classes = new HashMap<>();

        void claim(String name, String storageClass, String volume) {
            claims.put(
                    new ObjectKey("default", name),
                    new PersistentVolumeClaimBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .withNewSpec()
                            .withStorageClassName(storageClass)
                            .withVolumeName(volume)
                            .endSpec()
                            .build());
        }

        void volume(String name, String zone) {
            volumes.put(
                    name,
                    new PersistentVolumeBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .withNewSpec()
                            .withNewNodeAffinity()
                            .withNewRequired()
                            .addNewNodeSelectorTerm()
                            .addToMatchExpressions(new NodeSelectorRequirement("zone", "In", List.of(zone)))
                            .endNodeSelectorTerm()
                            .endRequired()
                            .endNodeAffinity()
                            .endSpec()
                            .build());
        }

        void waiting(String name) {
            classes.put(
                    name,
                    new StorageClassBuilder()
                            .withVolumeBindingMode("WaitForFirstConsumer")
                            .build());
        }

        @Override
        public Map<String, String> namespaceLabels(String namespace) {
            return Map.of();
        }

        @Override
        public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
            return Optional.ofNullable(claims.get(key));
        }

        @Override
        public Optional<PersistentVolume> volume(String name) {
            return Optional.ofNullable(volumes.get(name));
        }

        @Override
        public List<PersistentVolume> volumes() {
            return List.copyOf(volumes.values());
        }

        @Override
        public Optional<StorageClass> storageClass(String name) {
            return Optional.ofNullable(classes.get(name));
        }
    }
}
