package io.vertikube.apiserver.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What may change in an object that exists, and what becomes of the rest. */
final class UpdatesTest {

    private static final String POD =
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'web:1',"
                    + "'env':[{'name':'A','value':'1'}]}]}}";
    private static final String DEPLOYMENT =
            "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},'spec':{'selector':{'matchLabels':"
                    + "{'app':'a'}},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'c',"
                    + "'image':'web:1'}]}}}}";
    private static final String SERVICE =
            "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},'spec':{'clusterIP':'10.96.1.1','ports':"
                    + "[{'port':80}],'selector':{'app':'a'}}}";

    private record Update(ObjectNode object, List<FieldError> errors) {

        String causes() {
            return errors.stream()
                    .map(e -> e.field() + " " + e.kind().reason())
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("");
        }
    }

    private static ObjectNode stored(String json) {
        ObjectNode object = Cases.object(json);
        Strategy rules = Strategies.of(Cases.type(object));
        rules.prepareForCreate(object);
        assertEquals(List.of(), rules.validate(object));
        return object;
    }

    private static Update update(ObjectNode old, Consumer<ObjectNode> change) {
        ObjectNode object = old.deepCopy();
        change.accept(object);
        Strategy rules = Strategies.of(Cases.type(object));
        rules.applyDefaults(object);
        rules.prepareForUpdate(object, old);
        return new Update(object, rules.validateUpdate(object, old));
    }

    private static ObjectNode container(ObjectNode pod) {
        return (ObjectNode) pod.path("spec").path("containers").get(0);
    }

    @Test
    void aPodTakesANewImageAndNothingElse() {
        ObjectNode pod = stored(POD);
        assertEquals("", update(pod, p -> container(p).put("image", "web:2")).causes());
        assertEquals(
                "spec.containers[0].image FieldValueInvalid",
                update(pod, p -> container(p).put("image", " web:2")).causes());
        Update environment =
                update(pod, p -> ((ObjectNode) container(p).path("env").get(0)).put("value", "2"));
        assertEquals("spec FieldValueForbidden", environment.causes());
        assertTrue(environment.errors().getFirst().detail().contains("spec.containers[0].env[0].value"));
        assertEquals(
                "spec FieldValueForbidden",
                update(pod, p -> Trees.object(p, "spec").put("nodeName", "n1")).causes());
        assertEquals(
                "spec.containers FieldValueForbidden",
                update(
                                pod,
                                p -> Trees.array(Trees.object(p, "spec"), "containers")
                                        .removeAll())
                        .causes());
    }

    @Test
    void aPodTakesMoreTolerationsButKeepsThoseItHas() {
        ObjectNode pod =
                stored(POD.replace("'containers'", "'tolerations':[{'key':'a','operator':'Exists'}],'containers'"));
        assertEquals(
                "",
                update(
                                pod,
                                p -> Trees.array(Trees.object(p, "spec"), "tolerations")
                                        .addObject()
                                        .put("key", "b")
                                        .put("operator", "Exists"))
                        .causes());
        assertEquals(
                "spec.tolerations FieldValueForbidden",
                update(pod, p -> Trees.object(p, "spec").remove("tolerations")).causes());
    }

    @Test
    void theGenerationCountsChangesOfTheSpecOnly() {
        ObjectNode deployment = stored(DEPLOYMENT);
        assertEquals(1, deployment.path("metadata").path("generation").asInt());
        ObjectNode scaled = update(deployment, d -> Trees.object(d, "spec").put("replicas", 3))
                .object();
        assertEquals(2, scaled.path("metadata").path("generation").asInt());
        ObjectNode labelled = update(
                        scaled,
                        d -> Trees.object(Trees.object(d, "metadata"), "labels").put("x", "y"))
                .object();
        assertEquals(2, labelled.path("metadata").path("generation").asInt());
        ObjectNode again =
                update(scaled, d -> Trees.object(d, "spec").put("replicas", 3L)).object();
        assertEquals(2, again.path("metadata").path("generation").asInt());
    }

    @Test
    void statusIsKeptOnUpdateAndSpecIsKeptOnStatusUpdate() {
        ObjectNode deployment = stored(DEPLOYMENT);
        ObjectNode updated = update(deployment, d -> Trees.object(d, "status").put("replicas", 9))
                .object();
        assertFalse(updated.path("status").has("replicas"));
        ObjectNode reported = deployment.deepCopy();
        Trees.object(reported, "spec").put("replicas", 7);
        Trees.object(Trees.object(reported, "metadata"), "labels").put("x", "y");
        Trees.object(reported, "status").put("replicas", 2);
        Strategy rules = Strategies.of(Cases.type(deployment));
        rules.prepareForStatusUpdate(reported, deployment);
        assertEquals(1, reported.path("spec").path("replicas").asInt());
        assertEquals(2, reported.path("status").path("replicas").asInt());
        assertEquals(List.of(), rules.validateStatusUpdate(reported, deployment));
    }

    @Test
    void selectorsNeverChange() {
        Update update = update(stored(DEPLOYMENT), d -> {
            ((ObjectNode) Trees.at(d, "spec", "selector", "matchLabels")).put("app", "b");
            ((ObjectNode) Trees.at(d, "spec", "template", "metadata", "labels")).put("app", "b");
        });
        assertEquals("spec.selector FieldValueInvalid", update.causes());
        assertEquals("field is immutable", update.errors().getFirst().detail());
    }

    @Test
    void aSelectorMustMatchItsTemplate() {
        ObjectNode deployment = Cases.object(DEPLOYMENT.replace("'labels':{'app':'a'}", "'labels':{'app':'z'}"));
        List<FieldError> errors = Strategies.of(Cases.type(deployment)).validate(deployment);
        assertEquals("spec.template.metadata.labels", errors.getFirst().field());
        ObjectNode none = Cases.object(DEPLOYMENT.replace("'selector':{'matchLabels':{'app':'a'}},", ""));
        assertEquals(
                "spec.selector: Required value",
                Strategies.of(Cases.type(none)).validate(none).getFirst().message());
    }

    @Test
    void aServiceKeepsItsAddressUntilItHasNone() {
        ObjectNode service = stored(SERVICE);
        assertEquals("10.96.1.1", Trees.at(service, "spec", "clusterIPs").get(0).asText());
        Update moved = update(service, s -> Trees.object(s, "spec").put("clusterIP", "10.96.0.99"));
        assertEquals("spec.clusterIPs[0] FieldValueInvalid", moved.causes());
        Update silent = update(service, s -> {
            Trees.object(s, "spec").remove("clusterIP");
            Trees.object(s, "spec").remove("clusterIPs");
        });
        assertEquals("", silent.causes());
        assertEquals("10.96.1.1", Trees.text(silent.object(), "spec", "clusterIP"));
        Update external = update(
                service,
                s -> Trees.object(s, "spec").put("type", "ExternalName").put("externalName", "x.y"));
        assertEquals("", external.causes());
        assertEquals(
                "{\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80}],\"selector\":{\"app\":\"a\"},"
                        + "\"sessionAffinity\":\"None\",\"type\":\"ExternalName\",\"externalName\":\"x.y\"}",
                external.object().path("spec").toString());
    }

    @Test
    void aServiceKeepsItsFamilyAndThePortOfItsHealth() {
        ObjectNode service = stored(SERVICE);
        Update moved = update(
                service, s -> Trees.object(s, "spec").putArray("ipFamilies").add("IPv6"));
        assertEquals("spec.ipFamilies[0] FieldValueInvalid", moved.causes());
        assertEquals("may not change once set", moved.errors().getFirst().detail());
        Update silent = update(service, s -> Trees.object(s, "spec").putArray("ipFamilies"));
        assertEquals("", silent.causes());
        assertEquals(
                "[\"IPv4\"]", Trees.at(silent.object(), "spec", "ipFamilies").toString());
        ObjectNode checked = stored(SERVICE.replace(
                "'selector'",
                "'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':30500,'selector'"));
        Update other = update(checked, s -> Trees.object(s, "spec").put("healthCheckNodePort", 30501));
        assertEquals("spec.healthCheckNodePort FieldValueForbidden", other.causes());
        assertEquals(
                "",
                update(checked, s -> Trees.object(s, "spec").put("externalTrafficPolicy", "Cluster"))
                        .causes());
    }

    @Test
    void nodePortsGoWithTheTypeThatNeedsThem() {
        ObjectNode service = stored(SERVICE.replace("'port':80", "'port':80,'nodePort':30080")
                .replace("'selector'", "'type':'NodePort','selector'"));
        Update update = update(service, s -> Trees.object(s, "spec").put("type", "ClusterIP"));
        assertEquals("", update.causes());
        assertFalse(Trees.at(update.object(), "spec", "ports").get(0).has("nodePort"));
        assertFalse(update.object().path("spec").has("externalTrafficPolicy"));
    }

    @Test
    void whatIsMarkedImmutableStays() {
        ObjectNode map = stored(
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'immutable':true,'data':{'a':'b'}}");
        assertEquals(
                "data FieldValueForbidden",
                update(map, m -> Trees.object(m, "data").put("a", "c")).causes());
        assertEquals(
                "immutable FieldValueForbidden",
                update(map, m -> m.remove("immutable")).causes());
        assertEquals(
                "",
                update(
                                map,
                                m -> Trees.object(Trees.object(m, "metadata"), "labels")
                                        .put("x", "y"))
                        .causes());
    }

    @Test
    void aClaimKeepsItsSpecUntilBoundAndThenOnlyGrows() {
        ObjectNode claim = stored(
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'c'},'spec':{"
                        + "'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},'storageClassName':'x'}}");
        Consumer<ObjectNode> grow =
                c -> ((ObjectNode) Trees.at(c, "spec", "resources", "requests")).put("storage", "2Gi");
        assertEquals(
                "spec FieldValueForbidden",
                update(claim, c -> Trees.object(c, "spec").put("storageClassName", "y"))
                        .causes());
        assertEquals("spec FieldValueForbidden", update(claim, grow).causes());
        assertEquals(
                "",
                update(claim, c -> Trees.object(c, "spec").put("volumeName", "v"))
                        .causes());
        ObjectNode bound = claim.deepCopy();
        Trees.object(bound, "status").put("phase", "Bound");
        assertEquals("", update(bound, grow).causes());
    }

    @Test
    void metadataKeepsWhatTheServerSet() {
        ObjectNode old = stored(DEPLOYMENT);
        Trees.object(old, "metadata").put("creationTimestamp", "2026-01-01T00:00:00Z");
        Update silent = update(old, d -> {
            Trees.object(d, "metadata").remove(List.of("uid", "creationTimestamp", "generation"));
        });
        assertEquals("", silent.causes());
        assertEquals("u-1", Trees.text(silent.object(), "metadata", "uid"));
        assertEquals(
                "metadata.uid FieldValueInvalid",
                update(old, d -> Trees.object(d, "metadata").put("uid", "other"))
                        .causes());
        ObjectNode leaving = old.deepCopy();
        Trees.object(leaving, "metadata").put("deletionTimestamp", "2026-01-01T00:00:01Z");
        assertEquals(
                "metadata.finalizers FieldValueForbidden",
                update(
                                leaving,
                                d -> Trees.array(Trees.object(d, "metadata"), "finalizers")
                                        .add("a.b/c"))
                        .causes());
    }

    @Test
    void aJobsTemplateIsFixedAndLabelled() {
        ObjectNode job =
                stored("{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'j'},'spec':{'template':{'spec':{"
                        + "'restartPolicy':'Never','containers':[{'name':'c','image':'web:1'}]}}}}");
        assertEquals("u-1", Trees.text(job, "spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"));
        assertEquals(
                "",
                update(job, j -> Trees.object(j, "spec").put("parallelism", 4)).causes());
        assertEquals(
                "spec.template FieldValueInvalid",
                update(
                                job,
                                j -> container((ObjectNode) Trees.at(j, "spec", "template"))
                                        .put("image", "web:2"))
                        .causes());
    }

    @Test
    void aPodTakesEphemeralContainersButNeverGivesThemUp() {
        ObjectNode pod = stored(POD);
        Strategy rules = Strategies.of(Cases.type(pod));
        ObjectNode debugged = pod.deepCopy();
        Trees.array(Trees.object(debugged, "spec"), "ephemeralContainers")
                .addObject()
                .put("name", "d")
                .put("image", "i");
        rules.applyDefaults(debugged);
        assertEquals(List.of(), rules.validatePartUpdate("ephemeralcontainers", debugged, pod));
        assertEquals(
                "spec.ephemeralContainers",
                rules.validatePartUpdate("ephemeralcontainers", pod, debugged)
                        .getFirst()
                        .field());
        ObjectNode resized = pod.deepCopy();
        Trees.object(Trees.object(container(resized), "resources"), "requests").put("cpu", "1");
        assertEquals(
                "spec",
                rules.validatePartUpdate("resize", resized, pod).getFirst().field());
    }

    private static String messages(List<FieldError> errors) {
        return errors.stream()
                .map(FieldError::message)
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
    }

    @Test
    void aMirrorPodStaysOneAndNobodyBecomesOne() {
        ObjectNode pod = stored(POD);
        ObjectNode mirror =
                stored(POD.replace("'metadata':{", "'metadata':{'annotations':{'kubernetes.io/config.mirror':'x'},")
                        .replace("'spec':{", "'spec':{'nodeName':'n',"));
        assertEquals(
                "metadata.annotations[kubernetes.io/config.mirror] FieldValueForbidden",
                update(pod, p -> annotate(p, "kubernetes.io/config.mirror")).causes());
        assertEquals(
                "metadata.annotations[kubernetes.io/config.mirror] FieldValueForbidden",
                update(mirror, p -> annotate(p, "kubernetes.io/config.mirror")).causes());
        assertEquals("", update(mirror, p -> annotate(p, "other")).causes());
        Strategy rules = Strategies.of(Cases.type(pod));
        for (String part : List.of("resize", "ephemeralcontainers")) {
            assertTrue(messages(rules.validatePartUpdate(part, mirror.deepCopy(), mirror))
                    .contains("static pods"));
        }
        ObjectNode nowhere = mirror.deepCopy();
        Trees.object(nowhere, "spec").remove("nodeName");
        assertEquals(
                "metadata.annotations[kubernetes.io/config.mirror]",
                rules.validate(nowhere).getFirst().field());
    }

    private static void annotate(ObjectNode pod, String key) {
        Trees.object(Trees.object(pod, "metadata"), "annotations").put(key, "y");
    }

    /** The whole of what a resize may do, by the change that it makes to a pod with 1 CPU of 2 and a sidecar. */
    @Test
    void aResizeChangesAmountsOfProcessorsAndMemoryAlone() {
        ObjectNode pod = stored("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{"
                + "'initContainers':[{'name':'first','image':'i','resources':{'requests':{'cpu':'1'}}},"
                + "{'name':'side','image':'i','restartPolicy':'Always','resources':{'requests':{'cpu':'1'}}}],"
                + "'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'1','memory':'256Mi','ephemeral-storage':'1Gi'},"
                + "'limits':{'cpu':'2','memory':'1Gi','ephemeral-storage':'2Gi'}}}]}}");
        assertEquals("", resized(pod, "containers", 0, "requests", "cpu", "1500m"));
        assertEquals("", resized(pod, "containers", 0, "limits", "memory", "512Mi"));
        assertEquals("", resized(pod, "initContainers", 1, "requests", "cpu", "2"));
        assertTrue(resized(pod, "containers", 0, "limits", "ephemeral-storage", "3Gi")
                .startsWith("spec: Forbidden: only cpu and memory resources are mutable"));
        assertTrue(resized(pod, "initContainers", 1, "limits", "ephemeral-storage", "3Gi")
                .startsWith("spec: Forbidden: only cpu and memory resources for sidecar containers are mutable"));
        assertEquals(
                "spec: Forbidden: resources for non-sidecar init containers are immutable",
                resized(pod, "initContainers", 0, "requests", "cpu", "2"));
        assertEquals(
                "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed",
                resized(pod, "containers", 0, "limits", "memory", ""));
        ObjectNode windows = pod.deepCopy();
        Trees.object(Trees.object(windows, "spec"), "os").put("name", "windows");
        assertTrue(resized(windows, "containers", 0, "requests", "cpu", "1500m").contains("windows pods cannot"));
    }

    private static String resized(ObjectNode pod, String list, int index, String amounts, String name, String amount) {
        ObjectNode changed = pod.deepCopy();
        var container = (ObjectNode) changed.path("spec").path(list).get(index);
        ObjectNode map = Trees.object(Trees.object(container, "resources"), amounts);
        if (amount.isEmpty()) {
            map.remove(name);
        } else {
            map.put(name, amount);
        }
        List<FieldError> errors = Strategies.of(Cases.type(pod)).validatePartUpdate("resize", changed, pod);
        return messages(errors);
    }
}
