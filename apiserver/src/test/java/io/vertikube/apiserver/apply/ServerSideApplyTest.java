package io.vertikube.apiserver.apply;

import static io.vertikube.apiserver.apply.Kinds.CONFIG_MAP;
import static io.vertikube.apiserver.apply.Kinds.DEPLOYMENT;
import static io.vertikube.apiserver.apply.Kinds.NOON;
import static io.vertikube.apiserver.apply.Kinds.SERVICE;
import static io.vertikube.apiserver.apply.Kinds.configMap;
import static io.vertikube.apiserver.apply.Kinds.managers;
import static io.vertikube.apiserver.apply.Kinds.object;
import static io.vertikube.apiserver.apply.Kinds.schema;
import static io.vertikube.apiserver.apply.Kinds.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {

    private static ObjectNode apply(@Nullable ObjectNode live, String manager, ObjectNode config) {
        return apply(live, manager, config, false);
    }

    private static ObjectNode apply(@Nullable ObjectNode live, String manager, ObjectNode config, boolean force) {
        Gvk kind =
                Gvk.of(config.path("apiVersion").asText(), config.path("kind").asText());
        return ServerSideApply.apply(live, config, schema(kind), writer(manager, kind), force);
    }

    private static ObjectNode deployment(String containers) {
        return object("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},"
                + "'spec':{'template':{'spec':{'containers':" + containers + "}}}}");
    }

    @Test
    void applierManagesWhatItStates() {
        ObjectNode object = apply(null, "m1", configMap("{'a':'1'}"));
        assertThat(object.path("data")).isEqualTo(object("{'a':'1'}"));
        assertThat(managers(object)).isEqualTo("m1 Apply {'f:data':{'f:a':{}}}");
    }

    @Test
    void fieldOfAnotherIsAConflict() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1','b':'1'}"));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(live, "m2", configMap("{'a':'2','b':'2'}")))
                .withMessage("Apply failed with 2 conflicts: conflicts with \"m1\":\n- .data.a\n- .data.b")
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(409);
                    assertThat(e.reason()).isEqualTo("Conflict");
                    assertThat(e.status().getDetails().getCauses())
                            .extracting("field")
                            .containsExactly(".data.a", ".data.b");
                });
    }

    @Test
    void updaterIsNamedWithItsVersion() {
        ObjectNode live = configMap("{'a':'1'}");
        ManagedFields.update(null, live, schema(CONFIG_MAP), writer("kubectl-edit", CONFIG_MAP));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(live, "m2", configMap("{'a':'2'}")))
                .withMessage("Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.a");
    }

    @Test
    void forceTakesTheField() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1','b':'1'}"));
        ObjectNode object = apply(live, "m2", configMap("{'a':'2'}"), true);
        assertThat(object.path("data")).isEqualTo(object("{'a':'2','b':'1'}"));
        assertThat(managers(object)).isEqualTo("m1 Apply {'f:data':{'f:b':{}}}\nm2 Apply {'f:data':{'f:a':{}}}");
    }

    @Test
    void sameValueIsShared() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1'}"));
        ObjectNode shared = apply(live, "m2", configMap("{'a':'1'}"));
        assertThat(managers(shared)).isEqualTo("m1 Apply {'f:data':{'f:a':{}}}\nm2 Apply {'f:data':{'f:a':{}}}");
        ObjectNode left = apply(shared, "m1", configMap("{}"));
        assertThat(left.path("data")).isEqualTo(object("{'a':'1'}"));
    }

    @Test
    void whatNobodyStatesAnyMoreGoes() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1','b':'2'}"));
        ObjectNode object = apply(live, "m1", configMap("{'a':'1'}"));
        assertThat(object.path("data")).isEqualTo(object("{'a':'1'}"));
    }

    @Test
    void whatAnotherWroteStays() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1'}"));
        ObjectNode edited = live.deepCopy();
        edited.withObject("data").put("b", "2");
        ManagedFields.update(live, edited, schema(CONFIG_MAP), writer("edit", CONFIG_MAP));
        ObjectNode object = apply(edited, "m1", configMap("{'c':'3'}"));
        assertThat(object.path("data")).isEqualTo(object("{'b':'2','c':'3'}"));
    }

    @Test
    void itemGoesWithItsDefaultsButNotUnderTheFeetOfOthers() {
        ObjectNode live = apply(null, "m1", deployment("[{'name':'a','image':'a:1'},{'name':'b','image':'b:1'}]"));
        for (var container : live.at("/spec/template/spec/containers")) {
            ((ObjectNode) container).put("imagePullPolicy", "Always");
        }
        live = apply(live, "m2", deployment("[{'name':'b','tty':true}]"));
        ObjectNode object = apply(live, "m1", deployment("[]"));
        assertThat(object.at("/spec/template/spec/containers").toString().replace('"', '\''))
                .isEqualTo("[{'name':'b','imagePullPolicy':'Always','tty':true}]");
    }

    @Test
    void itemsOfTheConfigurationComeInItsOrder() {
        ObjectNode live = apply(null, "m1", deployment("[{'name':'a'},{'name':'b'},{'name':'c'}]"));
        ObjectNode object = apply(live, "m2", deployment("[{'name':'x'},{'name':'c'},{'name':'a'}]"));
        assertThat(object.at("/spec/template/spec/containers").findValuesAsText("name"))
                .containsExactly("b", "x", "c", "a");
    }

    @Test
    void keysThatAreLeftOutHaveTheirDefault() {
        ObjectNode live = object("{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},"
                + "'spec':{'ports':[{'port':53,'protocol':'TCP'},{'port':53,'protocol':'UDP'}]}}");
        ManagedFields.update(null, live, schema(SERVICE), writer("a", SERVICE));
        ObjectNode object = apply(
                live,
                "m1",
                object("{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},"
                        + "'spec':{'ports':[{'port':53,'name':'dns'}]}}"));
        assertThat(object.at("/spec/ports").toString().replace('"', '\''))
                .isEqualTo("[{'port':53,'protocol':'TCP','name':'dns'},{'port':53,'protocol':'UDP'}]");
        assertThat(managers(object))
                .startsWith("m1 Apply {'f:spec':{'f:ports':{'k:{\\'port\\':53,\\'protocol\\':\\'TCP\\'}'"
                        + ":{'.':{},'f:name':{},'f:port':{}}}}}");
    }

    @Test
    void applyThatChangesNothingKeepsItsTime() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1'}"));
        var later = writer("m1", "", CONFIG_MAP, NOON.plus(Duration.ofDays(1)));
        assertThat(ServerSideApply.apply(live, configMap("{'a':'1'}"), schema(CONFIG_MAP), later, false))
                .isEqualTo(live);
    }

    @Test
    void objectWithoutManagersIsRememberedAsItWas() {
        ObjectNode live = configMap("{'a':'1'}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(live, "m1", configMap("{'a':'2'}")))
                .withMessageContaining("conflict with \"before-first-apply\" using v1: .data.a");
        assertThat(managers(apply(live, "m1", configMap("{'b':'2'}"))))
                .isEqualTo(
                        "m1 Apply {'f:data':{'f:b':{}}}\n" + "before-first-apply Update {'f:data':{'.':{},'f:a':{}}}");
    }

    @Test
    void kubectlTakesOverWhatItAppliedFromTheClient() {
        ObjectNode live = configMap("{'a':'1','b':'1'}");
        live.withObject("metadata")
                .putObject("annotations")
                .put(LastApplied.ANNOTATION, configMap("{'a':'1','b':'0'}").toString());
        ManagedFields.update(null, live, schema(CONFIG_MAP), writer("kubectl-client-side-apply", CONFIG_MAP));
        ObjectNode object = apply(live, "kubectl", configMap("{'a':'2'}"));
        assertThat(object.path("data").path("a").asText()).isEqualTo("2");
        assertThat(object.at("/metadata/annotations")
                        .path(LastApplied.ANNOTATION)
                        .asText())
                .isEqualTo(configMap("{'a':'2'}") + "\n");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(live, "kubectl", configMap("{'a':'2','b':'2'}")))
                .withMessageContaining("1 conflict")
                .withMessageEndingWith(".data.b");
    }

    @Test
    void configurationThatIsNoneIsRefused() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(null, "m", deployment("[{'name':'a'},{'name':'a'}]")))
                .withMessageEndingWith(".spec.template.spec.containers: duplicate entries for key [name=\"a\"]");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(null, "m", configMap("{'a':{}}")))
                .withMessageContaining("; /v1, Kind=ConfigMap): .data.a: expected string");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(null, "m", deployment("[{'image':'x'}]")))
                .withMessageContaining("omits key field \"name\"");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(null, "m", deployment("{}")))
                .withMessageEndingWith(".spec.template.spec.containers: expected list, got {}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> ServerSideApply.apply(
                        null, configMap("{}"), schema(DEPLOYMENT), writer("m", DEPLOYMENT), false))
                .satisfies(e -> assertThat(e.code()).isEqualTo(400))
                .withMessageContaining("Incorrect version specified in apply patch");
    }

    @Test
    void nullTakesAFieldAway() {
        ObjectNode live = apply(null, "m1", configMap("{'a':'1'}"));
        assertThat(apply(live, "m1", configMap("{'a':null}")).path("data").has("a"))
                .isFalse();
    }
}
