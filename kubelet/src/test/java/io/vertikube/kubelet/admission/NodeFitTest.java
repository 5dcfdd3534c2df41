package io.vertikube.kubelet.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFitTest {

    private static final Node NODE = TestPods.parse("""
            metadata: {name: n, labels: {kubernetes.io/os: linux, disk: fast}}
            spec: {taints: [{key: gone, value: soon, effect: NoExecute}, {key: full, effect: NoSchedule}]}
            status: {allocatable: {cpu: 2, memory: 1Gi, pods: 2, example.com/gpu: 1}}
            """, Node.class);

    /** Half of the processor, of the memory and of the pods is taken, and port 80 of 10.0.0.1. */
    private static final List<PodDemand> OTHERS = List.of(PodDemand.of(
            pod("containers: [{name: c, resources: {requests: {cpu: 1, memory: 512Mi}}, ports: [{containerPort: 1, hostPort: 80, hostIP: 10.0.0.1}]}]")
                    .getSpec()));

    private static final String TOLERANT = "tolerations: [{key: gone, operator: Exists}], ";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "what fits | containers: [{name: c, resources: {requests: {cpu: 1, memory: 512Mi}}}] | ``",
                "processor | containers: [{name: c, resources: {requests: {cpu: 1001m}}}]"
                        + " | OutOfcpu: Node didn't have enough resource: cpu, requested: 1001, used: 1000, capacity: 2000",
                "memory | containers: [{name: c, resources: {requests: {memory: 600Mi}}}] | OutOfmemory: Node didn't have"
                        + " enough resource: memory, requested: 629145600, used: 536870912, capacity: 1073741824",
                "what init containers need at once | initContainers: [{name: i, resources: {requests: {cpu: 1500m}}}],"
                        + " containers: [{name: c}] | OutOfcpu: Node didn't have enough resource: cpu, requested: 1500, used:"
                        + " 1000, capacity: 2000",
                "overhead counts | overhead: {cpu: 2}, containers: [{name: c}] | OutOfcpu: Node didn't have enough resource:"
                        + " cpu, requested: 2000, used: 1000, capacity: 2000",
                "extended resources | containers: [{name: c, resources: {requests: {example.com/gpu: 2}}}] |"
                        + " OutOfexample.com/gpu: Node didn't have enough resource: example.com/gpu, requested: 2, used: 0,"
                        + " capacity: 1",
                "resources that the node does not know | containers: [{name: c, resources: {requests: {example.com/x: 2}}}] | ``",
                "node selector | nodeSelector: {disk: slow}, containers: [{name: c}] | NodeAffinity: Predicate NodeAffinity"
                        + " failed: node(s) didn't match Pod's node affinity/selector",
                "node affinity | affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: NotIn, values: [fast]}]}]}}},"
                        + " containers: [{name: c}] | NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match"
                        + " Pod's node affinity/selector",
                "the node by name | affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [n]}]}]}}},"
                        + " containers: [{name: c}] | ``",
                "a port that is taken | containers: [{name: c, ports: [{containerPort: 1, hostPort: 80}]}] | NodePorts:"
                        + " Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
                "the port of another address | containers: [{name: c, ports: [{containerPort: 1, hostPort: 80, hostIP:"
                        + " 10.0.0.2}]}] | ``",
                "the port of another protocol | containers: [{name: c, ports: [{containerPort: 1, hostPort: 80, protocol:"
                        + " UDP}]}] | ``",
            })
    void whatDoesNotFitIsToldAsKubernetesTellsIt(String what, String spec, String expected) {
        assertThat(told(pod(TOLERANT + spec), OTHERS)).as(what).isEqualTo(expected);
    }

    @Test
    void podsAreCountedToo() {
        assertThat(told(pod(TOLERANT + "containers: [{name: c}]"), List.of(OTHERS.getFirst(), OTHERS.getFirst())))
                .isEqualTo("OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2");
    }

    @Test
    void whoDoesNotTolerateBeingDrivenOutIsNotTakenUnlessItIsStatic() {
        Pod pod = pod("containers: [{name: c}]");
        assertThat(told(pod, List.of()))
                .isEqualTo("TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't"
                        + " tolerate");
        pod.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
        assertThat(told(pod, List.of())).isEmpty();
    }

    @Test
    void otherSystemsAreTold() {
        assertThat(NodeFit.otherKind(pod("os: {name: windows}, containers: [{name: c}]"), NODE))
                .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("PodOSNotSupported"));
        assertThat(NodeFit.otherKind(pod("nodeSelector: {kubernetes.io/os: windows}, containers: [{name: c}]"), NODE))
                .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("PodOSSelectorNodeLabelDoesNotMatch"));
        assertThat(NodeFit.otherKind(pod("os: {name: linux}, containers: [{name: c}]"), NODE))
                .isEmpty();
    }

    /** KEP-3619: a runtime that does not say that it keeps a pod from its image's groups would let it have them. */
    @Test
    void strictGroupsNeedARuntimeThatKeepsThem() {
        Pod strict = pod("securityContext: {supplementalGroupsPolicy: Strict}, containers: [{name: c}]");
        assertThat(NodeFit.otherKind(strict, NODE))
                .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("SupplementalGroupsPolicyNotSupported"));
        for (boolean can : new boolean[] {false, true}) {
            Node node = new NodeBuilder(NODE)
                    .editOrNewStatus()
                    .withNewFeatures(can)
                    .endStatus()
                    .build();
            assertThat(NodeFit.otherKind(strict, node).isEmpty()).isEqualTo(can);
            assertThat(NodeFit.otherKind(
                            pod("securityContext: {supplementalGroupsPolicy: Merge}, containers: [{name: c}]"), node))
                    .isEmpty();
        }
    }

    @Test
    void roomIsMadeByThoseThatAskForLeast() {
        List<Other> others = new ArrayList<>();
        for (String spec : List.of(
                "containers: [{name: guaranteed, resources: {limits: {cpu: 1, memory: 1}, requests: {cpu: 1, memory: 1}}}]",
                "priority: 9, containers: [{name: burst, resources: {requests: {cpu: 1}}}]",
                "priority: 3, containers: [{name: low, resources: {requests: {cpu: 500m}}}]",
                "priority: 2000000000, containers: [{name: critical, resources: {requests: {cpu: 1}}}]",
                "containers: [{name: nothing}]")) {
            Pod pod = pod(spec);
            others.add(new Other(pod, PodDemand.of(pod.getSpec())));
        }
        assertThat(names(Map.of("cpu", 400L), others)).containsExactly("low");
        assertThat(names(Map.of("cpu", 600L), others)).containsExactly("low", "burst");
        assertThat(names(Map.of("pods", 1L), others)).containsExactly("nothing");
        assertThat(Preemption.victims(Map.of("cpu", 9000L), others)).isEmpty();
    }

    private static List<String> names(Map<String, Long> missing, List<Other> others) {
        return Preemption.victims(missing, others).orElseThrow().stream()
                .map(pod -> pod.getSpec().getContainers().getFirst().getName())
                .toList();
    }

    private static String told(Pod pod, List<PodDemand> others) {
        return NodeFit.misfits(
                        pod,
                        PodDemand.of(pod.getSpec()),
                        NODE,
                        PodDemand.amounts(NODE.getStatus().getAllocatable()),
                        others)
                .stream()
                .map(misfit -> misfit.reason() + ": " + misfit.message())
                .collect(Collectors.joining("; "));
    }

    private static Pod pod(String spec) {
        return TestPods.parse("{metadata: {name: p, namespace: default}, spec: {" + spec + "}}");
    }
}
