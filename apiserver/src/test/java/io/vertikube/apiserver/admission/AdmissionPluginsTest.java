package io.vertikube.apiserver.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Attributes;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.CertificateDecisions;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.authz.OwnerReferencesPermission;
import io.vertikube.apiserver.resource.Cases;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.Catalog;
import io.vertikube.object.ApiException;
import io.vertikube.value.Cidr;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which plugins run, and what those do that are not asked in every other test. */
final class AdmissionPluginsTest {

    private static final UserInfo JANE = UserInfo.of("jane", "developers");
    private static final String POD =
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'web:1'}]}}";
    private static final String CLAIM = "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'d'},"
            + "'spec':{'storageClassName':'fast','accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}";

    private final InMemory memory = new InMemory();

    @BeforeEach
    void start() {
        memory.put("{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default','namespace':'shop'}}");
        namespace("{}", "{}");
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private void namespace(String labels, String annotations) {
        memory.put("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop','labels':" + labels
                + ",'annotations':" + annotations + "},'status':{'phase':'Active'}}");
    }

    private AdmissionChain chain(List<String> on, List<String> off) {
        var addresses =
                new ServiceAddresses(memory.storage, Cidr.parse("10.96.0.0/24"), new Random(1), InstantSource.system());
        return AdmissionPlugins.chosen(
                memory.storage, new Random(1), List.of(), addresses, new AdmissionChoice(on, off));
    }

    private ObjectNode admitted(String plugin, String json) {
        AdmissionRequest request = InMemory.create(json, JANE);
        AdmissionChain chain = chain(List.of(plugin), List.of());
        chain.mutate(request);
        chain.validate(request);
        return request.requireObject();
    }

    private String refused(String plugin, String json) {
        return assertThrows(ApiException.class, () -> admitted(plugin, json)).getMessage();
    }

    @Test
    void whatIsOnAndOffIsChosenByName() {
        List<String> names = chain(List.of(), List.of()).names();
        assertTrue(names.containsAll(List.of(
                "NamespaceLifecycle",
                "LimitRanger",
                "ServiceAccount",
                "TaintNodesByCondition",
                "PodSecurity",
                "Priority",
                "DefaultTolerationSeconds",
                "DefaultStorageClass",
                "StorageObjectInUseProtection",
                "PersistentVolumeClaimResize",
                "RuntimeClass",
                "CertificateSubjectRestriction",
                "DefaultIngressClass",
                "ResourceQuota")));
        assertFalse(names.contains("AlwaysPullImages"));
        List<String> chosen =
                chain(List.of("AlwaysPullImages"), List.of("LimitRanger")).names();
        assertTrue(chosen.contains("AlwaysPullImages"));
        assertFalse(chosen.contains("LimitRanger"));
        assertEquals("ResourceQuota", names.getLast());
    }

    @Test
    void unknownNamesAreRefused() {
        var unknown = assertThrows(
                IllegalArgumentException.class, () -> new AdmissionChoice(List.of("LimitRange"), List.of()));
        assertTrue(unknown.getMessage()
                .startsWith("--enable-admission-plugins: plugin \"LimitRange\" is unknown; known are "));
        assertThrows(
                IllegalArgumentException.class, () -> new AdmissionChoice(List.of("Priority"), List.of("Priority")));
    }

    @Test
    void aRangeOfPortsIsTwoNumbers() {
        assertEquals(new PortRange(30000, 32767), PortRange.parse("30000-32767"));
        assertEquals(new PortRange(40000, 40010), PortRange.parse("40000+10"));
        for (String wrong : List.of("", "30000", "5-4", "0-5", "1-70000", "a-b")) {
            assertThrows(IllegalArgumentException.class, () -> PortRange.parse(wrong));
        }
    }

    @Test
    void nodePortsComeFromTheRangeThatIsSaid() {
        var addresses = new ServiceAddresses(
                memory.storage,
                Cidr.parse("10.96.0.0/24"),
                new PortRange(40000, 40001),
                new Random(1),
                InstantSource.system());
        var chain = AdmissionPlugins.standard(memory.storage, new Random(1), List.of(), addresses);
        String service = "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},"
                + "'spec':{'type':'NodePort','ports':[{'port':80PORT}]}}";
        AdmissionRequest request = InMemory.create(service.replace("PORT", ""), JANE);
        chain.mutate(request);
        int port = Trees.at(request.requireObject(), "spec", "ports")
                .get(0)
                .path("nodePort")
                .asInt();
        assertTrue(port == 40000 || port == 40001);
        AdmissionRequest other = InMemory.create(service.replace("PORT", ",'nodePort':30000"), JANE);
        assertEquals(
                "Service \"s\" is invalid: spec.ports[0].nodePort: Invalid value: 30000: provided port is not in the"
                        + " valid range. The range of valid ports is 40000-40001",
                assertThrows(ApiException.class, () -> chain.mutate(other)).getMessage());
    }

    @Test
    void anIngressGetsTheDefaultClass() {
        memory.put("{'apiVersion':'networking.k8s.io/v1','kind':'IngressClass','metadata':{'name':'edge','annotations':"
                + "{'ingressclass.kubernetes.io/is-default-class':'true'}},'spec':{'controller':'a.b/c'}}");
        String ingress = "{'apiVersion':'networking.k8s.io/v1','kind':'Ingress','metadata':{'name':'i'},"
                + "'spec':{'defaultBackend':{'service':{'name':'s','port':{'number':80}}}}}";
        assertEquals("edge", Trees.text(admitted("AlwaysAdmit", ingress), "spec", "ingressClassName"));
    }

    @Test
    void aClaimGrowsOnlyWhereItsClassLetsIt() {
        var chain = chain(List.of(), List.of());
        ObjectNode bound = Cases.object(CLAIM);
        Trees.object(bound, "status").put("phase", "Bound");
        ObjectNode larger = bound.deepCopy();
        Trees.find(larger, "spec", "resources", "requests").orElseThrow().put("storage", "2Gi");
        var request = InMemory.request(Operation.UPDATE, larger, bound, JANE, false);
        String cannot = "persistentvolumeclaims \"d\" is forbidden: only dynamically provisioned pvc can be resized and"
                + " the storageclass that provisions the pvc must support resize";
        assertEquals(
                cannot,
                assertThrows(ApiException.class, () -> chain.validate(request)).getMessage());
        memory.put("{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{'name':'fast'},"
                + "'provisioner':'d.io','allowVolumeExpansion':true}");
        chain.validate(request);
    }

    @Test
    void aNamespaceSaysWhereItsPodsRun() {
        namespace("{}", "{'scheduler.alpha.kubernetes.io/node-selector':'disk=ssd, zone=a'}");
        ObjectNode pod = admitted("PodNodeSelector", POD);
        assertEquals("ssd", Trees.text(pod, "spec", "nodeSelector", "disk"));
        assertEquals("a", Trees.text(pod, "spec", "nodeSelector", "zone"));
        assertEquals(
                "pods \"p\" is forbidden: pod node label selector conflicts with its namespace node label selector",
                refused("PodNodeSelector", POD.replace("'containers'", "'nodeSelector':{'disk':'hdd'},'containers'")));
    }

    @Test
    void aNamespaceSaysWhatItsPodsTolerate() {
        namespace(
                "{}",
                "{'scheduler.alpha.kubernetes.io/defaultTolerations':"
                        + "'[{\\'key\\':\\'a\\',\\'operator\\':\\'Exists\\'}]'}");
        ObjectNode pod = admitted("PodTolerationRestriction", POD);
        var keys = new ArrayList<String>();
        Trees.at(pod, "spec", "tolerations").forEach(t -> keys.add(t.path("key").asText()));
        assertTrue(keys.contains("a"));
    }

    @Test
    void extendedResourcesAreTolerated() {
        ObjectNode pod = admitted(
                "ExtendedResourceToleration",
                POD.replace("'image':'web:1'", "'image':'web:1','resources':{'limits':{'x.io/gpu':'1'}}"));
        boolean found = false;
        for (var toleration : Trees.at(pod, "spec", "tolerations")) {
            found |= toleration.path("key").asText().equals("x.io/gpu")
                    && toleration.path("effect").asText().equals("NoSchedule");
        }
        assertTrue(found);
    }

    @Test
    void onlyListedSecretsAreMountedWhereTheAccountSaysSo() {
        memory.put("{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default','namespace':'shop',"
                + "'annotations':{'kubernetes.io/enforce-mountable-secrets':'true'}},'secrets':[{'name':'mine'}]}");
        String volume = "'volumes':[{'name':'v','secret':{'secretName':'NAME'}}],'containers'";
        admitted("AlwaysAdmit", POD.replace("'containers'", volume.replace("NAME", "mine")));
        assertEquals(
                "pods \"p\" is forbidden: volume with secret.secretName=\"yours\" is not allowed because service account"
                        + " default does not reference that secret",
                refused("AlwaysAdmit", POD.replace("'containers'", volume.replace("NAME", "yours"))));
    }

    @Test
    void podsBeyondTheirNamespacesLevelAreRefused() {
        namespace("{'pod-security.kubernetes.io/enforce':'restricted'}", "{}");
        assertEquals(
                "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false"
                        + " (container \"c\" must set securityContext.allowPrivilegeEscalation=false), unrestricted"
                        + " capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]),"
                        + " runAsNonRoot != true (pod or container \"c\" must set"
                        + " securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set"
                        + " securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
                refused("AlwaysAdmit", POD));
        admitted(
                "AlwaysAdmit",
                POD.replace(
                        "'image':'web:1'",
                        "'image':'web:1','securityContext':{'allowPrivilegeEscalation':false,'runAsNonRoot':true,"
                                + "'capabilities':{'drop':['ALL']},'seccompProfile':{'type':'RuntimeDefault'}}"));
    }

    @Test
    void podsBeyondTheBaselineAreRefusedInItsWords() {
        namespace("{'pod-security.kubernetes.io/enforce':'baseline'}", "{}");
        assertEquals(
                "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true,"
                        + " hostPID=true), hostPath volumes (volume \"h\"), hostPort (container \"c\" uses hostPort"
                        + " 80), privileged (container \"c\" must not set securityContext.privileged=true)",
                refused(
                        "AlwaysAdmit",
                        POD.replace(
                                        "'containers'",
                                        "'hostNetwork':true,'hostPID':true,'volumes':[{'name':'h','hostPath':{'path':'/'}}],'containers'")
                                .replace(
                                        "'image':'web:1'",
                                        "'image':'web:1','ports':[{'containerPort':80,'hostPort':80}],"
                                                + "'securityContext':{'privileged':true}")));
    }

    @Test
    void whatIsOnlyWarnedOfIsTaken() {
        namespace(
                "{'pod-security.kubernetes.io/warn':'baseline','pod-security.kubernetes.io/warn-version':'v1.30'}",
                "{}");
        var warnings = new ArrayList<String>();
        AdmissionRequest plain = InMemory.create(POD.replace("'containers'", "'hostIPC':true,'containers'"), JANE);
        var request = new AdmissionRequest(
                plain.operation(),
                plain.type(),
                plain.kind(),
                "",
                plain.namespace(),
                plain.name(),
                plain.object(),
                null,
                null,
                JANE,
                false,
                warnings::add,
                AdmissionNotes.none());
        chain(List.of(), List.of()).validate(request);
        assertEquals(List.of("would violate PodSecurity \"baseline:v1.30\": host namespaces (hostIPC=true)"), warnings);
    }

    @Test
    void aLevelNobodyKnowsIsRefused() {
        ObjectNode namespace = Cases.object("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'n','labels':"
                + "{'pod-security.kubernetes.io/enforce':'strict'}}}");
        var request = InMemory.request(Operation.CREATE, namespace, null, JANE, false);
        assertEquals(
                "Namespace \"n\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value:"
                        + " \"strict\": must be one of privileged, baseline, restricted",
                assertThrows(
                                ApiException.class,
                                () -> chain(List.of(), List.of()).validate(request))
                        .getMessage());
    }

    @Test
    void aChargeForAWriteThatFailsIsGivenBack() {
        memory.put("{'apiVersion':'v1','kind':'ResourceQuota','metadata':{'name':'q','namespace':'shop'},"
                + "'spec':{'hard':{'configmaps':'2','count/leases.coordination.k8s.io':'1'}},'status':{}}");
        var chain = chain(List.of(), List.of());
        String map = "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'}}";
        AdmissionRequest request = InMemory.create(map, JANE);
        chain.validate(request);
        assertEquals("1", used("configmaps"));
        chain.undo(request);
        assertEquals("0", used("configmaps"));
        chain.undo(request);
        assertEquals("0", used("configmaps"));
        chain.validate(InMemory.create(
                "{'apiVersion':'coordination.k8s.io/v1','kind':'Lease','metadata':{'name':'l'}}", JANE));
        assertEquals("1", used("count/leases.coordination.k8s.io"));
    }

    private String used(String resource) {
        return memory.storage
                .snapshot(io.vertikube.apiserver.storage.Read.latest())
                .get("/registry/core/resourcequotas/shop/q")
                .orElseThrow()
                .tree()
                .path("status")
                .path("used")
                .path(resource)
                .asText();
    }

    @Test
    void approvingTakesTheRightForTheSigner() {
        Authorizer onlyOne = attributes -> attributes.verb().equals("approve")
                        && attributes.resource().equals("signers")
                        && attributes.name().equals("a.b/*")
                ? new Decision.Allow("")
                : new Decision.NoOpinion("");
        CertificateDecisions plugin = CertificateDecisions.approval(onlyOne);
        plugin.validate(approval("a.b/c"));
        assertEquals(
                "certificatesigningrequests.certificates.k8s.io \"r\" is forbidden: user not permitted to approve"
                        + " requests with signerName \"x.y/z\"",
                assertThrows(ApiException.class, () -> plugin.validate(approval("x.y/z")))
                        .getMessage());
    }

    private static AdmissionRequest approval(String signer) {
        ObjectNode request = Cases.object("{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest',"
                + "'metadata':{'name':'r'},'spec':{'signerName':'" + signer + "'}}");
        return new AdmissionRequest(
                Operation.UPDATE, Cases.type(request), "approval", "", "r", request, request, JANE, false);
    }

    @Test
    void ownersAreSetByWhoMayDelete() {
        Authorizer mayNot = (Attributes attributes) -> new Decision.NoOpinion("no rule");
        var plugin = new OwnerReferencesPermission(mayNot, Catalog::builtIn);
        ObjectNode map = Cases.object("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'}}");
        ObjectNode owned = map.deepCopy();
        Trees.array(Trees.object(owned, "metadata"), "ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", "p")
                .put("uid", "u")
                .put("blockOwnerDeletion", true);
        assertEquals(
                "configmaps \"c\" is forbidden: cannot set an ownerRef on a resource you can't delete: no rule",
                assertThrows(
                                ApiException.class,
                                () -> plugin.validate(InMemory.request(Operation.UPDATE, owned, map, JANE, false)))
                        .getMessage());
        assertEquals(
                "configmaps \"c\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource"
                        + " you can't set finalizers on: no rule",
                assertThrows(
                                ApiException.class,
                                () -> plugin.validate(InMemory.request(Operation.CREATE, owned, null, JANE, false)))
                        .getMessage());
        plugin.validate(InMemory.request(Operation.UPDATE, owned, owned, JANE, false));
    }
}
