package io.vertikube.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node may create and ask tokens for: mirrors of its own pods, and tokens of pods that run there. */
final class NodeMirrorsTest {

    private static final UserInfo NODE = UserInfo.of("system:node:n1", "system:nodes");
    private static final String MIRROR =
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p-n1','namespace':'shop','annotations':"
                    + "{'kubernetes.io/config.mirror':'abc'},'ownerReferences':[{'apiVersion':'v1','kind':'Node',"
                    + "'name':'n1','uid':'uid-n1','controller':true}]},'spec':{'nodeName':'n1','containers':"
                    + "[{'name':'c','image':'i'}],'volumes':[{'name':'v','emptyDir':{}}]}}";

    private InMemory memory;
    private NodeRestriction restriction;

    @BeforeEach
    void start() {
        memory = new InMemory();
        memory.put("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{}}");
        restriction = new NodeRestriction(memory.storage);
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private void create(String json) {
        restriction.validate(InMemory.create(json, NODE));
    }

    @Test
    void aMirrorOnItselfOwnedByItsNodeIsCreated() {
        assertThatCode(() -> create(MIRROR)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'kubernetes.io/config.mirror' | 'other'                | pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods
            'nodeName':'n1'               | 'nodeName':'n2'        | node "n1" can only create pods with spec.nodeName set to itself
            'kind':'Node'                 | 'kind':'ReplicaSet'    | node "n1" can only create pods with an owner reference set to itself
            'name':'n1','uid'             | 'name':'n2','uid'      | node "n1" can only create pods with an owner reference set to itself
            ,'controller':true            | ,'controller':false    | node "n1" can only create pods with a controller owner reference set to itself
            ,'controller':true            | ,'controller':true,'blockOwnerDeletion':true | node "n1" must not set blockOwnerDeletion on an owner reference
            uid-n1                        | uid-before             | node n1 UID mismatch: expected uid-n1 got uid-before
            'nodeName'                    | 'serviceAccountName':'a','nodeName' | node "n1" can not create pods that reference a service account
            'emptyDir':{}                 | 'secret':{'secretName':'s'} | node "n1" can not create pods that reference secrets
            'emptyDir':{}                 | 'projected':{'sources':[{'configMap':{'name':'m'}}]} | node "n1" can not create pods that reference configmaps
            'image'                       | 'envFrom':[{'secretRef':{'name':'s'}}],'image' | node "n1" can not create pods that reference secrets
            'emptyDir':{}                 | 'persistentVolumeClaim':{'claimName':'c'} | node "n1" can not create pods that reference persistentvolumeclaims
            'nodeName'                    | 'resourceClaims':[{'name':'x','resourceClaimName':'y'}],'nodeName' | node "n1" can not create pods that reference resourceclaims
            """)
    void anythingElseIsRefused(String what, String by, String why) {
        assertThat(MIRROR).contains(what);
        ApiException e = catchThrowableOfType(ApiException.class, () -> create(MIRROR.replace(what, by)));
        assertThat(e).hasMessage("pods \"p-n1\" is forbidden: " + why);
        assertThat(e.code()).isEqualTo(403);
    }

    @Test
    void aMirrorWithoutAnOwnerIsRefused() {
        String orphan = MIRROR.replaceAll(",'ownerReferences':\\[[^]]*]", "");
        assertThat(catchThrowableOfType(ApiException.class, () -> create(orphan)))
                .hasMessageEndingWith("can only create pods with an owner reference set to itself");
    }

    @Test
    void tokensAreForPodsThatRunThere() {
        memory.put("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'here','namespace':'shop'},"
                + "'spec':{'nodeName':'n1'}}");
        memory.put("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'there','namespace':'shop'},"
                + "'spec':{'nodeName':'n2'}}");
        assertThatCode(() -> token("'apiVersion':'v1','kind':'Pod','name':'here','uid':'uid-here'"))
                .doesNotThrowAnyException();
        assertThat(refusal("'kind':'Secret','apiVersion':'v1','name':'s'"))
                .endsWith("node requested token not bound to a pod");
        assertThat(refusal("'apiVersion':'v1','kind':'Pod','name':'here'"))
                .endsWith("node requested token with a pod binding without a uid");
        assertThat(refusal("'apiVersion':'v1','kind':'Pod','name':'here','uid':'x'"))
                .contains("the UID in the bound object reference (x) does not match the UID in record (uid-here)");
        assertThat(refusal("'apiVersion':'v1','kind':'Pod','name':'there','uid':'uid-there'"))
                .endsWith("node requested token bound to a pod scheduled on a different node");
        assertThat(refusal("'apiVersion':'v1','kind':'Pod','name':'gone','uid':'x'"))
                .isEqualTo("pods \"gone\" not found");
    }

    private String refusal(String reference) {
        return catchThrowableOfType(ApiException.class, () -> token(reference)).getMessage();
    }

    private void token(String reference) {
        ResourceType accounts =
                Catalog.builtIn().byResource("", "v1", "serviceaccounts").orElseThrow();
        var body = (ObjectNode) Json.tree(("{\"spec\":{\"boundObjectRef\":{" + reference + "}}}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8));
        restriction.validate(
                new AdmissionRequest(Operation.CREATE, accounts, "token", "shop", "default", body, null, NODE, false));
    }
}
