package io.vertikube.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.schema.SchemaReader;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {

    private static final Schema SCHEMA = new SchemaReader().read(json("""
                            {'type':'object','properties':{
                              'name':{'type':'string'},
                              'map':{'type':'object','additionalProperties':{'type':'string'}},
                              'whole':{'type':'object','x-kubernetes-patch-strategy':'replace',
                                       'properties':{'a':{'type':'string'},'b':{'type':'string'}}},
                              'atomic':{'type':'array','items':{'type':'string'}},
                              'values':{'type':'array','x-kubernetes-patch-strategy':'merge','items':{'type':'string'}},
                              'union':{'type':'object','x-kubernetes-patch-strategy':'retainKeys',
                                       'properties':{'type':{'type':'string'},'x':{'type':'object'},'y':{'type':'object'}}},
                              'items':{'type':'array','x-kubernetes-patch-strategy':'merge','x-kubernetes-patch-merge-key':'name',
                                'items':{'type':'object','properties':{
                                  'name':{'type':'string'},'v':{'type':'integer'},
                                  'inner':{'type':'array','x-kubernetes-patch-strategy':'merge','x-kubernetes-patch-merge-key':'k',
                                    'items':{'type':'object','properties':{'k':{'type':'string'},'v':{'type':'string'}}}}}}}}}
                            """));

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'name':'a'}; {'name':'b'}; {'name':'b'}",
                "{'map':{'a':'1'}}; {'map':{'b':'2'}}; {'map':{'a':'1','b':'2'}}",
                "{'map':{'a':'1','b':'2'}}; {'map':{'b':null}}; {'map':{'a':'1'}}",
                "{'map':{'a':'1'}}; {'map':{'$patch':'replace','b':'2'}}; {'map':{'b':'2'}}",
                "{'map':{'a':'1'}}; {'map':{'$patch':'delete'}}; {'map':{}}",
                "{'map':{'a':'1'}}; {'map':{'$patch':'merge','b':'2'}}; {'map':{'a':'1','b':'2'}}",
                "{}; {'map':{'a':'1','b':null}}; {'map':{'a':'1'}}",
                "{'whole':{'a':'1'}}; {'whole':{'b':'2'}}; {'whole':{'b':'2'}}",
                "{'atomic':['a','b']}; {'atomic':['c']}; {'atomic':['c']}",
                "{'values':['a','b']}; {'values':['c','a']}; {'values':['c','a','b']}",
                "{'values':['a','b']}; {'$deleteFromPrimitiveList/values':['a']}; {'values':['b']}",
                "{'values':['a','b']}; {'$setElementOrder/values':['c','b'],'$deleteFromPrimitiveList/values':['a'],'values':['c']}; {'values':['c','b']}",
                "{'union':{'type':'x','x':{}}}; {'union':{'$retainKeys':['type','y'],'type':'y','y':{}}}; {'union':{'type':'y','y':{}}}",
                "{'items':[{'name':'a','v':1},{'name':'b','v':2}]}; {'items':[{'name':'b','v':3}]}; {'items':[{'name':'a','v':1},{'name':'b','v':3}]}",
                "{'items':[{'name':'a','v':1}]}; {'items':[{'name':'b','v':3}]}; {'items':[{'name':'b','v':3},{'name':'a','v':1}]}",
                "{'items':[{'name':'a'},{'name':'b'}]}; {'items':[{'name':'a','$patch':'delete'}]}; {'items':[{'name':'b'}]}",
                "{'items':[{'name':'a'},{'name':'b'}]}; {'items':[{'$patch':'replace'},{'name':'c'}]}; {'items':[{'name':'c'}]}",
                "{'items':[{'name':'a','v':1}]}; {'items':[{'name':'a','$patch':'replace','v':2}]}; {'items':[]}",
                "{'items':[{'name':'a','inner':[{'k':'x','v':'1'}]}]}; {'items':[{'name':'a','inner':[{'k':'y','v':'2'}],'$setElementOrder/inner':[{'k':'x'},{'k':'y'}]}]}; {'items':[{'name':'a','inner':[{'k':'x','v':'1'},{'k':'y','v':'2'}]}]}",
                "{'items':[{'name':'a'},{'name':'b'},{'name':'c'}]}; {'$setElementOrder/items':[{'name':'c'},{'name':'a'}]}; {'items':[{'name':'b'},{'name':'c'},{'name':'a'}]}",
                "{}; {'items':[{'name':'a','$patch':'delete'},{'name':'b','inner':[{'k':'x','$patch':'delete'}]}]}; {'items':[{'name':'b','inner':[]}]}",
                "{'other':[1]}; {'other':[2]}; {'other':[2]}",
            })
    void mergesBySchemaAndDirective(String target, String patch, String expected) {
        assertThat(apply(target, patch)).isEqualTo(json(expected));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'items':[{'name':'a'}]}; {'items':[{'v':1}]}; 500; map: map[v:1] does not contain declared merge key: name",
                "{'items':[{'name':'a'}]}; {'items':[{'name':'a','$patch':'frob'}]}; 500; unknown patch type: frob in map",
                "{'map':{}}; {'map':{'$patch':'frob'}}; 500; unknown patch type: frob in map",
                "{'union':{}}; {'union':{'$retainKeys':['type'],'x':{}}}; 400; invalid patch format of retainKeys",
                "{'union':{}}; {'union':{'$retainKeys':'type'}}; 400; invalid patch format of retainKeys",
                "{'values':['a']}; {'$deleteFromPrimitiveList/values':'a'}; 400; invalid patch format of primitive list",
                "{'items':[]}; {'$setElementOrder/items':'a'}; 400; invalid patch format of setElementOrder list",
                "{'items':[{'name':'a'}]}; {'items':[{'name':'b'}],'$setElementOrder/items':[{'name':'a'}]}; 500; doesn't match $setElementOrder list",
                "{'values':['a']}; {'values':[['b']]}; 422; lists of lists are not supported",
            })
    void whatCannotBeMergedIsRefused(String target, String patch, int code, String why) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> apply(target, patch))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageContaining(why);
    }

    @Test
    void targetStaysAsItWas() {
        ObjectNode target = (ObjectNode) json("{'map':{'a':'1'},'items':[{'name':'a','v':1}]}");
        ObjectNode before = target.deepCopy();
        StrategicMergePatch.apply(target, json("{'map':{'a':'2'},'items':[{'name':'a','v':2},{'name':'b'}]}"), SCHEMA);
        assertThat(target).isEqualTo(before);
    }

    private static ObjectNode apply(String target, String patch) {
        return StrategicMergePatch.apply((ObjectNode) json(target), json(patch), SCHEMA);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
