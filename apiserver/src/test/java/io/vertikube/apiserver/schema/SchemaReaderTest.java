package io.vertikube.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SchemaReaderTest {

    private static JsonNode tree(String json) {
        return Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Schema schema(String json) {
        return new SchemaReader().read(tree(json));
    }

    @Test
    void prunesWhatIsNotDeclaredUnlessToldToKeepIt() {
        Schema schema = schema("{'type':'object','properties':{'a':{'type':'string'},"
                + "'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true,"
                + "'properties':{'known':{'type':'object','properties':{'x':{'type':'integer'}}}}},"
                + "'map':{'type':'object','additionalProperties':{'type':'object','properties':{'y':{}}}}}}");
        JsonNode object = tree("{'a':'1','b':2,'free':{'z':1,'known':{'x':1,'w':2}},'map':{'k':{'y':{'q':1},'n':1}}}");
        assertThat(Pruner.prune(schema, object)).containsExactly("b", "free.known.w", "map.k.n");
        assertThat(object).isEqualTo(tree("{'a':'1','free':{'z':1,'known':{'x':1}},'map':{'k':{'y':{'q':1}}}}"));
    }

    @Test
    void defaultsFromTheOutsideIn() {
        Schema schema = schema("{'type':'object','properties':{'spec':{'type':'object','default':{},'properties':{"
                + "'n':{'type':'integer','default':3},'s':{'type':'string','nullable':true,'default':'x'}}},"
                + "'list':{'type':'array','items':{'type':'object','properties':{'p':{'default':'TCP'}}}}}}");
        JsonNode object = tree("{'list':[{},{'p':'UDP'}]}");
        Defaulter.applyDefaults(schema, object);
        assertThat(object).isEqualTo(tree("{'list':[{'p':'TCP'},{'p':'UDP'}],'spec':{'n':3,'s':'x'}}"));
        JsonNode nulls = tree("{'spec':{'n':null,'s':null}}");
        Defaulter.applyDefaults(schema, nulls);
        assertThat(nulls).isEqualTo(tree("{'spec':{'n':3,'s':null}}"));
    }

    @Test
    void readsKeysAndLimits() {
        Schema schema = schema("{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['a','b'],"
                + "'maxItems':3,'items':{'type':'object','x-kubernetes-map-type':'atomic'}}");
        assertThat(schema.listType()).isEqualTo(Schema.ListType.MAP);
        assertThat(schema.listMapKeys()).containsExactly("a", "b");
        assertThat(schema.bounds().maxItems()).isEqualTo(3);
        assertThat(schema.items().orElseThrow().mapType()).isEqualTo(Schema.MapType.ATOMIC);
    }
}
