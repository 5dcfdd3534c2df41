package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every invariant is shown a history that breaks it, beside one that does not. */
final class InvariantsTest {

    private static final ObjectId POD = new ObjectId("pods", "one", "a");
    private static final ObjectId JOB = new ObjectId("jobs", "one", "j");

    private final Invariants invariants = Invariants.create();
    private final History history = new History(() -> Instant.EPOCH, invariants.all());
    private long revision = 1;

    private void write(ObjectId id, String json) {
        history.seen(++revision, id, Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private void remove(ObjectId id) {
        history.seen(++revision, id, null);
    }

    private List<String> violated() {
        history.settled();
        return history.violations().stream()
                .map(History.Violation::invariant)
                .distinct()
                .toList();
    }

    private static String pod(String uid, String node, String phase, String ready, String more) {
        return "{'metadata':{'uid':'" + uid + "','labels':{'app':'a'}" + more + "},'spec':{'nodeName':'" + node
                + "','containers':[{'resources':{'requests':{'cpu':'3'}}}]},'status':{'phase':'" + phase
                + "','conditions':[{'type':'Ready','status':'" + ready + "'}]}}";
    }

    private void node(String name) {
        write(
                new ObjectId("nodes", "", name),
                "{'metadata':{'uid':'" + name + "'},'status':{'allocatable':{'cpu':'4','pods':'10'}}}");
    }

    @Test
    void aPodThatMovesIsSeen() {
        write(POD, pod("u", "", "Pending", "False", ""));
        write(POD, pod("u", "x", "Pending", "False", ""));
        assertThat(violated()).isEmpty();
        write(POD, pod("u", "y", "Pending", "False", ""));
        assertThat(violated()).containsExactly("one node for ever");
    }

    @Test
    void aNodeWithTooMuchIsSeen() {
        node("x");
        write(POD, pod("u", "x", "Pending", "False", ""));
        ObjectId other = new ObjectId("pods", "one", "b");
        write(other, pod("v", "", "Pending", "False", ""));
        assertThat(violated()).isEmpty();
        write(other, pod("v", "x", "Pending", "False", ""));
        assertThat(violated()).containsExactly("within nodes");
    }

    @Test
    void aPodThatIsOverNoLongerCounts() {
        node("x");
        write(POD, pod("u", "x", "Running", "True", ""));
        write(POD, pod("u", "x", "Succeeded", "False", ""));
        write(new ObjectId("pods", "one", "b"), pod("v", "x", "Pending", "False", ""));
        assertThat(violated()).isEmpty();
    }

    @Test
    void whatComesBackFromTheDeadIsSeen() {
        write(POD, pod("u", "x", "Failed", "False", ""));
        write(POD, pod("u", "x", "Running", "True", ""));
        assertThat(violated()).containsExactly("ends are final");
    }

    @Test
    void aDeletionThatIsTakenBackIsSeen() {
        write(POD, pod("u", "x", "Running", "True", ",'deletionTimestamp':'now'"));
        write(POD, pod("u", "x", "Running", "True", ""));
        assertThat(violated()).containsExactly("ends are final");
    }

    @Test
    void aSuccessWithoutAPodIsSeen() {
        String owner = ",'ownerReferences':[{'kind':'Job','uid':'j'}]";
        write(JOB, "{'metadata':{'uid':'j'},'spec':{'completions':2},'status':{}}");
        write(POD, pod("u", "x", "Succeeded", "False", owner));
        write(JOB, "{'metadata':{'uid':'j'},'spec':{'completions':2},'status':{'succeeded':1}}");
        assertThat(violated()).isEmpty();
        assertThat(history.unmet()).containsKey("jobs are counted");
        write(JOB, "{'metadata':{'uid':'j'},'spec':{'completions':2},'status':{'succeeded':2}}");
        assertThat(violated()).containsExactly("jobs are counted");
    }

    @Test
    void aJobThatIsCompleteTooSoonIsSeen() {
        write(
                JOB,
                "{'metadata':{'uid':'j'},'spec':{'completions':2},'status':{'conditions':[{'type':'Complete','status':'True'}]}}");
        assertThat(violated()).containsExactly("jobs are counted");
    }

    @Test
    void missingReplicasAreUnmet() {
        ObjectId set = new ObjectId("statefulsets", "one", "s");
        write(set, "{'metadata':{'uid':'s','generation':1},'spec':{'replicas':1},'status':{'observedGeneration':1}}");
        assertThat(history.unmet()).containsKey("replicas converge");
        write(POD, pod("u", "x", "Running", "True", ",'ownerReferences':[{'uid':'s'}]"));
        write(
                set,
                "{'metadata':{'uid':'s','generation':1},'spec':{'replicas':1},'status':{'observedGeneration':1,'readyReplicas':1}}");
        assertThat(history.unmet()).isEmpty();
    }

    @Test
    void whatOutlivesItsOwnerIsUnmet() {
        ObjectId owner = new ObjectId("configmaps", "one", "o");
        write(owner, "{'metadata':{'uid':'o'}}");
        write(POD, pod("u", "", "Pending", "False", ",'ownerReferences':[{'uid':'o'}]"));
        assertThat(history.unmet()).isEmpty();
        remove(owner);
        assertThat(history.unmet()).containsKey("nothing outlives its owner");
        remove(POD);
        assertThat(history.unmet()).isEmpty();
    }

    @Test
    void anEvictionBeyondTheBudgetIsSeen() {
        write(
                new ObjectId("poddisruptionbudgets", "one", "p"),
                "{'metadata':{'uid':'p'},'spec':{'minAvailable':1,'selector':{'matchLabels':{'app':'a'}}},'status':{'currentHealthy':1}}");
        write(POD, pod("u", "x", "Running", "True", ""));
        ObjectId other = new ObjectId("pods", "one", "b");
        write(other, pod("v", "y", "Running", "True", ""));
        invariants.budgets().evicting("u", true);
        write(POD, pod("u", "x", "Running", "True", ",'deletionTimestamp':'now'"));
        assertThat(violated()).isEmpty();
        invariants.budgets().evicting("v", true);
        write(other, pod("v", "y", "Running", "True", ",'deletionTimestamp':'now'"));
        assertThat(violated()).containsExactly("budgets are kept");
    }

    @Test
    void twoOfOneIdentityAreSeen() {
        invariants.identities().started(POD, "u", "x");
        invariants.identities().ended(POD, "u");
        invariants.identities().started(POD, "v", "y");
        assertThat(violated()).isEmpty();
        invariants.identities().started(POD, "w", "z");
        assertThat(violated()).containsExactly("one identity");
    }

    @Test
    void aWatchThatLeavesOutOrRepeatsIsSeen() {
        var follower = invariants.watches().follower("f", "pods");
        invariants.watches().listed(follower, revision);
        write(POD, pod("u", "", "Pending", "False", ""));
        long first = revision;
        invariants.watches().saw(follower, new WatchesAreComplete.Seen(first, "ADDED", POD));
        assertThat(violated()).isEmpty();
        assertThat(history.unmet()).isEmpty();
        invariants.watches().saw(follower, new WatchesAreComplete.Seen(first, "ADDED", POD));
        assertThat(violated()).containsExactly("watches are complete");
    }

    @Test
    void aWatchThatSkipsIsSeenAndOneThatStopsIsUnmet() {
        var follower = invariants.watches().follower("f", "pods");
        write(POD, pod("u", "", "Pending", "False", ""));
        assertThat(history.unmet()).containsKey("watches are complete");
        write(POD, pod("u", "x", "Pending", "False", ""));
        invariants.watches().saw(follower, new WatchesAreComplete.Seen(revision, "MODIFIED", POD));
        assertThat(violated()).containsExactly("watches are complete");
    }

    @Test
    void aBookmarkAheadOfWhatWasSeenIsSeen() {
        var follower = invariants.watches().follower("f", "pods");
        write(POD, pod("u", "", "Pending", "False", ""));
        invariants.watches().saw(follower, new WatchesAreComplete.Seen(revision, WatchesAreComplete.BOOKMARK, POD));
        assertThat(violated()).containsExactly("watches are complete");
    }

    @Test
    void whatOutlivesItsNamespaceIsSeen() {
        var namespace = new ObjectId("namespaces", "", "one");
        write(namespace, "{'metadata':{'uid':'n'}}");
        write(POD, pod("u", "x", "Running", "True", ""));
        assertThat(violated()).isEmpty();
        remove(namespace);
        assertThat(violated()).containsExactly("namespaces take all with them");
    }

    @Test
    void aPodAwayFromItsVolumeIsSeen() {
        write(
                new ObjectId("persistentvolumes", "", "v"),
                "{'metadata':{'uid':'v'},'spec':{'claimRef':{'uid':'c'},'nodeAffinity':{'required':{'nodeSelectorTerms':"
                        + "[{'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'In','values':['x']}]}]}}}}");
        write(
                new ObjectId("persistentvolumeclaims", "one", "data"),
                "{'metadata':{'uid':'c'},'spec':{'volumeName':'v'}}");
        String pod = "{'metadata':{'uid':'%s'},'spec':{'nodeName':'%s','volumes':[{'name':'data',"
                + "'persistentVolumeClaim':{'claimName':'data'}}],'containers':[]}}";
        write(new ObjectId("pods", "one", "well"), pod.formatted("1", "x"));
        assertThat(violated()).isEmpty();
        write(new ObjectId("pods", "one", "ill"), pod.formatted("2", "y"));
        assertThat(violated()).containsExactly("volumes are kept");
    }

    @Test
    void aClaimThatChangesItsVolumeIsSeen() {
        var claim = new ObjectId("persistentvolumeclaims", "one", "data");
        write(claim, "{'metadata':{'uid':'c'},'spec':{'volumeName':'v'}}");
        assertThat(violated()).isEmpty();
        write(claim, "{'metadata':{'uid':'c'},'spec':{'volumeName':'w'}}");
        assertThat(violated()).containsExactly("volumes are kept");
    }

    @Test
    void aLeadThatIsTakenTooSoonIsSeen() {
        var lease = new ObjectId("leases", "kube-system", "kube-scheduler");
        String held = "{'metadata':{'uid':'l'},'spec':{'holderIdentity':'%s','leaseDurationSeconds':15,"
                + "'renewTime':'%s'}}";
        write(lease, held.formatted("a", Instant.EPOCH.minusSeconds(15)));
        write(lease, held.formatted("b", Instant.EPOCH));
        assertThat(violated()).isEmpty();
        write(lease, held.formatted("c", Instant.EPOCH));
        assertThat(violated()).containsExactly("one leader");
    }
}
