package io.vertikube.apiserver.apply;

import static io.vertikube.apiserver.apply.Kinds.CONFIG_MAP;
import static io.vertikube.apiserver.apply.Kinds.DEPLOYMENT;
import static io.vertikube.apiserver.apply.Kinds.NOON;
import static io.vertikube.apiserver.apply.Kinds.configMap;
import static io.vertikube.apiserver.apply.Kinds.managers;
import static io.vertikube.apiserver.apply.Kinds.object;
import static io.vertikube.apiserver.apply.Kinds.schema;
import static io.vertikube.apiserver.apply.Kinds.writer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.SchemaReader;
import io.vertikube.object.Gvk;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManagedFieldsTest {

    private static ObjectNode created(String data) {
        ObjectNode object = configMap(data);
        ManagedFields.update(null, object, schema(CONFIG_MAP), writer("a", CONFIG_MAP));
        return object;
    }

    private static ObjectNode changed(ObjectNode live, String data, Writer by) {
        ObjectNode object = live.deepCopy();
        object.set("data", object(data));
        ManagedFields.update(live, object, schema(CONFIG_MAP), by);
        return object;
    }

    @Test
    void creatorManagesWhatItWrote() {
        ObjectNode object = created("{'x':'1'}");
        assertThat(managers(object)).isEqualTo("a Update {'f:data':{'.':{},'f:x':{}}}");
        var entry = object.path("metadata").path("managedFields").path(0);
        assertThat(entry.path("time").asText()).isEqualTo("2026-01-02T12:00:00Z");
        assertThat(entry.path("apiVersion").asText()).isEqualTo("v1");
        assertThat(entry.path("fieldsType").asText()).isEqualTo("FieldsV1");
    }

    @Test
    void changedFieldGoesToWhoChangedIt() {
        ObjectNode object = changed(created("{'x':'1','y':'1'}"), "{'x':'2','y':'1'}", writer("b", CONFIG_MAP));
        assertThat(managers(object)).isEqualTo("a Update {'f:data':{'.':{},'f:y':{}}}\nb Update {'f:data':{'f:x':{}}}");
    }

    @Test
    void removedFieldIsNobodys() {
        ObjectNode object = changed(created("{'x':'1','y':'1'}"), "{'y':'1'}", writer("b", CONFIG_MAP));
        assertThat(managers(object)).isEqualTo("a Update {'f:data':{'.':{},'f:y':{}}}");
    }

    @Test
    void timeStaysWhenNothingChanged() {
        ObjectNode live = created("{'x':'1'}");
        ObjectNode object = changed(live, "{'x':'1'}", writer("a", "", CONFIG_MAP, NOON.plus(Duration.ofHours(1))));
        assertThat(object).isEqualTo(live);
    }

    @Test
    void entriesOfOneManagerAreOneEntry() {
        ObjectNode object = changed(
                created("{'x':'1'}"), "{'x':'1','y':'2'}", writer("a", "", CONFIG_MAP, NOON.plus(Duration.ofHours(1))));
        assertThat(managers(object)).isEqualTo("a Update {'f:data':{'.':{},'f:x':{},'f:y':{}}}");
        assertThat(object.path("metadata")
                        .path("managedFields")
                        .path(0)
                        .path("time")
                        .asText())
                .isEqualTo("2026-01-02T13:00:00Z");
    }

    @Test
    void emptyListEndsTheTracking() {
        ObjectNode live = created("{'x':'1'}");
        ObjectNode reset = live.deepCopy();
        reset.withObject("metadata").putArray("managedFields");
        ManagedFields.update(live, reset, schema(CONFIG_MAP), writer("b", CONFIG_MAP));
        assertThat(reset.path("metadata").has("managedFields")).isFalse();
        assertThat(managers(changed(reset, "{'x':'2'}", writer("c", CONFIG_MAP))))
                .isEmpty();
    }

    @Test
    void clientThatLeavesManagersOutDoesNotLoseThem() {
        ObjectNode live = created("{'x':'1'}");
        ObjectNode object = configMap("{'x':'1'}");
        ManagedFields.update(live, object, schema(CONFIG_MAP), writer("b", CONFIG_MAP));
        assertThat(managers(object)).isEqualTo(managers(live));
    }

    @Test
    void nonsenseFromTheClientIsIgnored() {
        ObjectNode live = created("{'x':'1'}");
        ObjectNode object = live.deepCopy();
        object.withObject("metadata").withArray("managedFields").addObject().put("operation", "Guess");
        ManagedFields.update(live, object, schema(CONFIG_MAP), writer("b", CONFIG_MAP));
        assertThat(managers(object)).isEqualTo(managers(live));
    }

    @Test
    void statusIsManagedByWhoWritesTheSubresource() {
        ObjectNode live = object("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},"
                + "'spec':{'replicas':1},'status':{'replicas':3}}");
        ManagedFields.update(null, live, schema(DEPLOYMENT), writer("a", DEPLOYMENT));
        assertThat(managers(live)).isEqualTo("a Update {'f:spec':{'f:replicas':{}}}");
        ObjectNode object = live.deepCopy();
        object.withObject("status").put("replicas", 1).put("readyReplicas", 1);
        object.withObject("spec").put("replicas", 7);
        ManagedFields.update(live, object, schema(DEPLOYMENT), writer("c", "status", DEPLOYMENT, NOON));
        assertThat(managers(object))
                .isEqualTo("a Update {'f:spec':{'f:replicas':{}}}\n"
                        + "c Update status {'f:status':{'f:readyReplicas':{},'f:replicas':{}}}");
    }

    @Test
    void customResourceBeginsWithNothing() {
        var schema = new SchemaReader()
                .read(object("{'type':'object','properties':{'metadata':{'type':'object'},"
                        + "'spec':{'type':'object','properties':{'a':{'type':'string'}}}}}"));
        ObjectNode object = object("{'apiVersion':'x/v1','kind':'X','metadata':{'name':'n'},'spec':{'a':'1'}}");
        ManagedFields.update(null, object, schema, new Writer("a", "", Gvk.of("x/v1", "X"), true, List.of(), NOON));
        assertThat(managers(object)).isEqualTo("a Update {'f:spec':{'.':{},'f:a':{}}}");
    }

    @Test
    void oldestUpdatesAreRememberedTogether() {
        ObjectNode object = created("{'k0':'0'}");
        StringBuilder data = new StringBuilder("'k0':'0'");
        for (int i = 1; i < 14; i++) {
            data.append(",'k").append(i).append("':'0'");
            object = changed(object, "{" + data + "}", writer("m" + i, "", CONFIG_MAP, NOON.plusSeconds(60L * i)));
        }
        assertThat(managers(object).lines())
                .hasSize(10)
                .first()
                .asString()
                .startsWith("ancient-changes Update {'f:data':{'.':{},'f:k0':{},'f:k1':{}");
        assertThat(managers(object)).contains("m13 Update").doesNotContain("m3 Update");
    }
}
