package io.vertikube.apiserver.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.ApiException;
import io.vertikube.value.Cidr;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plugins over a real storage. */
final class AdmissionTest {

    private static final UserInfo ADMIN = UserInfo.of("admin", "system:masters");
    private static final String POD =
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'web:1'}]}}";

    private InMemory memory;
    private ServiceAddresses addresses;
    private AdmissionChain chain;

    @BeforeEach
    void start() {
        memory = new InMemory();
        addresses =
                new ServiceAddresses(memory.storage, Cidr.parse("10.96.0.0/24"), new Random(1), InstantSource.system());
        chain = AdmissionPlugins.standard(memory.storage, new Random(1), List.of(), addresses);
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private void namespace() {
        memory.put("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop'},'status':{'phase':'Active'}}");
        memory.put("{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default','namespace':'shop'}}");
    }

    private ApiException refused(String json) {
        AdmissionRequest request = InMemory.create(json, ADMIN);
        return assertThrows(ApiException.class, () -> {
            chain.mutate(request);
            chain.validate(request);
        });
    }

    private ObjectNode admitted(String json) {
        AdmissionRequest request = InMemory.create(json, ADMIN);
        chain.mutate(request);
        chain.validate(request);
        return request.requireObject();
    }

    @Test
    void nothingIsCreatedInANamespaceThatIsNotThere() {
        ApiException e = refused(POD);
        assertEquals(404, e.code());
        assertEquals("namespaces \"shop\" not found", e.getMessage());
    }

    @Test
    void nothingIsCreatedInANamespaceThatGoes() {
        memory.put("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop','deletionTimestamp':"
                + "'2026-01-01T00:00:00Z'},'status':{'phase':'Terminating'}}");
        ApiException e = refused(POD);
        assertEquals(403, e.code());
        assertEquals(
                "pods \"p\" is forbidden: unable to create new content in namespace shop because it is being"
                        + " terminated",
                e.getMessage());
        assertEquals(
                "NamespaceTerminating",
                e.status().getDetails().getCauses().getFirst().getReason());
    }

    @Test
    void aPodWithoutItsAccountIsRefused() {
        memory.put("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop'},'status':{'phase':'Active'}}");
        ApiException e = refused(POD.replace("'containers'", "'serviceAccountName':'robot','containers'"));
        assertEquals(
                "pods \"p\" is forbidden: error looking up service account shop/robot: serviceaccount \"robot\" not"
                        + " found",
                e.getMessage());
    }

    @Test
    void aPodMayGoWithoutAToken() {
        namespace();
        ObjectNode pod = admitted(POD.replace("'containers'", "'automountServiceAccountToken':false,'containers'"));
        assertFalse(pod.path("spec").has("volumes"));
        assertEquals("default", pod.path("spec").path("serviceAccountName").asText());
    }

    @Test
    void priorityComesFromTheClassAndOnlyFromThere() {
        namespace();
        memory.put(
                "{'apiVersion':'scheduling.k8s.io/v1','kind':'PriorityClass','metadata':{'name':'high'},'value':1000}");
        String named = POD.replace("'containers'", "'priorityClassName':'high','containers'");
        assertEquals(1000, admitted(named).path("spec").path("priority").asInt());
        assertEquals(
                "pods \"p\" is forbidden: no PriorityClass with name low was found",
                refused(named.replace("high", "low")).getMessage());
        assertTrue(refused(POD.replace("'containers'", "'priority':5,'containers'"))
                .getMessage()
                .contains("the integer value of priority (5) must not be provided in pod spec"));
    }

    @Test
    void aMissingRuntimeClassIsRefused() {
        namespace();
        assertEquals(
                "pods \"p\" is forbidden: pod rejected: RuntimeClass \"kata\" not found",
                refused(POD.replace("'containers'", "'runtimeClassName':'kata','containers'"))
                        .getMessage());
    }

    @Test
    void limitRangesFillInAndBound() {
        namespace();
        memory.put(
                "{'apiVersion':'v1','kind':'LimitRange','metadata':{'name':'l','namespace':'shop'},'spec':{'limits':["
                        + "{'type':'Container','default':{'cpu':'1'},'defaultRequest':{'cpu':'500m'},'max':{'cpu':'2'}}]}}");
        ObjectNode pod = admitted(POD);
        assertEquals("500m", Trees.text(pod.path("spec").path("containers").get(0), "resources", "requests", "cpu"));
        ApiException e =
                refused(POD.replace("'image'", "'resources':{'limits':{'cpu':'3'},'requests':{'cpu':'1'}},'image'"));
        assertEquals("pods \"p\" is forbidden: maximum cpu usage per Container is 2, but limit is 3", e.getMessage());
    }

    @Test
    void quotasAreChargedAndThenKept() {
        namespace();
        memory.put("{'apiVersion':'v1','kind':'ResourceQuota','metadata':{'name':'q','namespace':'shop'},"
                + "'spec':{'hard':{'pods':'1'}},'status':{'hard':{'pods':'1'},'used':{'pods':'0'}}}");
        admitted(POD);
        var quota = memory.storage
                .snapshot(Read.latest())
                .get("/registry/core/resourcequotas/shop/q")
                .orElseThrow();
        assertEquals("1", Trees.text(quota.tree(), "status", "used", "pods"));
        assertEquals(
                "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1",
                refused(POD).getMessage());
    }

    @Test
    void aNodeTouchesNothingButItsOwn() {
        UserInfo node = UserInfo.of("system:node:n1", "system:nodes");
        AdmissionPlugin restriction = new NodeRestriction(memory.storage);
        ObjectNode own = memory.put("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{}}");
        ObjectNode other = memory.put("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n2'},'spec':{}}");
        ObjectNode labelled = own.deepCopy();
        Trees.object(Trees.object(labelled, "metadata"), "labels").put("kubernetes.io/hostname", "n1");
        restriction.validate(InMemory.request(Operation.UPDATE, labelled, own, node, false));
        ObjectNode owned = own.deepCopy();
        Trees.array(Trees.object(owned, "metadata"), "ownerReferences")
                .addObject()
                .put("name", "x");
        ObjectNode isolated = own.deepCopy();
        Trees.object(Trees.object(isolated, "metadata"), "labels").put("node-restriction.kubernetes.io/x", "y");
        for (AdmissionRequest request : List.of(
                InMemory.request(Operation.UPDATE, other, other, node, false),
                InMemory.request(Operation.UPDATE, owned, own, node, false),
                InMemory.request(Operation.UPDATE, isolated, own, node, false))) {
            assertEquals(
                    403,
                    assertThrows(ApiException.class, () -> restriction.validate(request))
                            .code());
        }
    }

    private static String service(String name, String more) {
        return "{'apiVersion':'v1','kind':'Service','metadata':{'name':'" + name + "'},'spec':{" + more
                + "'ports':[{'port':80}],'selector':{'a':'b'}}}";
    }

    private AdmissionRequest stored(String json) {
        AdmissionRequest request = InMemory.create(json, ADMIN);
        addresses.mutate(request);
        memory.store(request);
        return request;
    }

    @Test
    void everyServiceGetsAnAddressOfItsOwnAndGivesItBack() {
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            AdmissionRequest request = stored(service("s" + i, ""));
            String address = Trees.text(request.requireObject(), "spec", "clusterIP");
            assertTrue(given.add(address), address);
            assertTrue(Cidr.parse("10.96.0.0/24").contains(address));
            assertTrue(Integer.parseInt(address.substring(8)) > 16, "the lower band is for people: " + address);
        }
        AdmissionRequest first = stored(service("again", "'clusterIP':'10.96.0.5',"));
        ObjectNode gone = first.requireObject();
        var held = memory.storage
                .snapshot(Read.latest())
                .get("/registry/core/services/shop/again")
                .orElseThrow();
        memory.storage.delete(held.key(), held.revision());
        addresses.stored(InMemory.request(Operation.DELETE, null, gone, ADMIN, false));
        stored(service("other", "'clusterIP':'10.96.0.5',"));
    }

    @Test
    void anAddressThatIsTakenOrElsewhereIsRefused() {
        stored(service("a", "'clusterIP':'10.96.0.7',"));
        AdmissionRequest taken = InMemory.create(service("b", "'clusterIP':'10.96.0.7',"), ADMIN);
        ApiException e = assertThrows(ApiException.class, () -> addresses.mutate(taken));
        assertEquals(422, e.code());
        assertTrue(
                e.getMessage().contains("failed to allocate IP 10.96.0.7: provided IP is already allocated"),
                e.getMessage());
        AdmissionRequest elsewhere = InMemory.create(service("b", "'clusterIP':'8.8.8.8',"), ADMIN);
        ApiException far = assertThrows(ApiException.class, () -> addresses.mutate(elsewhere));
        assertEquals(
                "spec.clusterIPs",
                far.status().getDetails().getCauses().getFirst().getField());
        assertTrue(far.getMessage()
                .contains("the provided IP (8.8.8.8) is not in the valid range. The range of valid IPs is"
                        + " 10.96.0.0/24"));
    }

    @Test
    void aFailedWriteHoldsNothing() {
        AdmissionRequest request = InMemory.create(service("s", "'type':'NodePort',"), ADMIN);
        addresses.mutate(request);
        assertEquals(
                1,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/networking.k8s.io/ipaddresses/")
                        .size());
        addresses.undo(request);
        assertEquals(
                0,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/networking.k8s.io/ipaddresses/")
                        .size());
        assertEquals(
                0,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/ranges/")
                        .size());
    }

    @Test
    void aDryRunHoldsNothing() {
        ObjectNode object =
                InMemory.create(service("s", "'type':'NodePort',"), ADMIN).requireObject();
        addresses.mutate(InMemory.request(Operation.CREATE, object, null, ADMIN, true));
        assertFalse(Trees.text(object, "spec", "clusterIP").isEmpty());
        assertTrue(Trees.at(object, "spec", "ports").get(0).path("nodePort").asInt() >= 30000);
        assertEquals(
                0,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/networking.k8s.io/ipaddresses/")
                        .size());
    }

    /** An IPAddress that somebody deleted, or a store from a backup: the next Service must not get the same. */
    @Test
    void whatAServiceHoldsIsNotedAgainIfItsNoteIsGone() {
        ObjectNode object =
                InMemory.create(service("s", "'type':'NodePort',"), ADMIN).requireObject();
        Trees.object(object, "metadata").put("namespace", "default");
        addresses.mutate(InMemory.request(Operation.CREATE, object, null, ADMIN, true));
        memory.storage.create("/registry/core/services/default/s", object);
        String address = "/registry/networking.k8s.io/ipaddresses/" + Trees.text(object, "spec", "clusterIP");
        int port = Trees.at(object, "spec", "ports").get(0).path("nodePort").asInt();
        addresses.repair();
        var noted = memory.storage.snapshot(Read.latest());
        assertEquals("s", Trees.text(noted.get(address).orElseThrow().tree(), "spec", "parentRef", "name"));
        assertTrue(noted.get("/registry/ranges/servicenodeports/" + port).isPresent());
        assertEquals(
                List.of(
                        "Cluster IP " + Trees.text(object, "spec", "clusterIP") + " is not allocated; repairing",
                        "Port " + port + " is not allocated; repairing"),
                noted.under("/registry/core/events/default/").values().stream()
                        .map(event -> Trees.text(event.tree(), "message"))
                        .sorted()
                        .toList());
    }

    @Test
    void whatNobodyHoldsIsFreedAfterAWhile() {
        AdmissionRequest lost = InMemory.create(service("s", ""), ADMIN);
        addresses.mutate(lost);
        addresses.repair();
        assertEquals(
                1,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/networking.k8s.io/ipaddresses/")
                        .size());
        Instant later = Instant.now().plusSeconds(120);
        new ServiceAddresses(memory.storage, Cidr.parse("10.96.0.0/24"), new Random(2), () -> later).repair();
        assertEquals(
                0,
                memory.storage
                        .snapshot(Read.latest())
                        .under("/registry/networking.k8s.io/ipaddresses/")
                        .size());
    }

    @Test
    void aServiceAsksForNoFamilyThatTheClusterLacks() {
        namespace();
        ObjectNode old = stored(service("a", "")).requireObject();
        ObjectNode both = old.deepCopy();
        Trees.object(both, "spec").put("ipFamilyPolicy", "RequireDualStack");
        AdmissionRequest change = InMemory.request(Operation.UPDATE, both, old, ADMIN, false);
        ApiException refused = assertThrows(ApiException.class, () -> addresses.mutate(change));
        assertEquals(
                "Service \"a\" is invalid: spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\":"
                        + " this cluster is not configured for dual-stack services",
                refused.getMessage());
        addresses.mutate(InMemory.request(Operation.UPDATE, both.deepCopy(), both, ADMIN, false));
    }

    @Test
    void severalServersNeverGiveOneAddressTwice() {
        var other =
                new ServiceAddresses(memory.storage, Cidr.parse("10.96.0.0/24"), new Random(1), InstantSource.system());
        Set<String> given = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 120; i++) {
                String name = "s" + i;
                ServiceAddresses server = i % 2 == 0 ? addresses : other;
                threads.submit(() -> {
                    AdmissionRequest request = InMemory.create(service(name, ""), ADMIN);
                    server.mutate(request);
                    return given.add(Trees.text(request.requireObject(), "spec", "clusterIP"));
                });
            }
        }
        assertEquals(120, given.size());
    }

    @Test
    void whoAsksForACertificateIsWhoIsLoggedIn() {
        AdmissionRequest request = InMemory.create(
                "{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest','metadata':{'name':'r'},'spec':{"
                        + "'request':'eA==','signerName':'a.b/c','username':'root','usages':['client auth']}}",
                UserInfo.of("jane", "developers"));
        chain.mutate(request);
        assertEquals("jane", Trees.text(request.requireObject(), "spec", "username"));
        assertEquals(
                "developers",
                Trees.at(request.requireObject(), "spec", "groups").get(0).asText());
    }

    @Test
    void externalAddressesCanBeForbidden() {
        AdmissionPlugin deny = new DenyServiceExternalIps();
        AdmissionRequest request = InMemory.create(service("s", "'externalIPs':['1.2.3.4'],"), ADMIN);
        assertEquals(
                403,
                assertThrows(ApiException.class, () -> deny.validate(request)).code());
        deny.validate(InMemory.create(service("s", ""), ADMIN));
    }
}
