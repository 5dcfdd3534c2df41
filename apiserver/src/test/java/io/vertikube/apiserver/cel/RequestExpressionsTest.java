package io.vertikube.apiserver.cel;

import static io.vertikube.apiserver.TestApi.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.cel.RequestScope.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions about a write see and come to. */
final class RequestExpressionsTest {

    private static final CelEngine ENGINE = new CelEngine(CelLimits.DEFAULT);
    private static final RequestScope SCOPE = RequestScope.ofPolicy(ENGINE, true);

    private static final JsonNode REQUEST = yaml("""
        kind: {group: apps, version: v1, kind: Deployment}
        resource: {group: apps, version: v1, resource: deployments}
        requestKind: {group: apps, version: v1, kind: Deployment}
        requestResource: {group: apps, version: v1, resource: deployments}
        name: web
        namespace: shop
        operation: UPDATE
        userInfo: {username: alice, groups: [dev, 'system:authenticated'], extra: {scopes: [a, b]}}
        dryRun: false
        options: {kind: UpdateOptions, apiVersion: meta.k8s.io/v1, fieldManager: kubectl}
        """);
    private static final JsonNode OBJECT = yaml("""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, labels: {a/b: c}}
        spec: {replicas: 3, template: {spec: {containers: [{name: c, image: 'example.com/c:1'}]}}}
        """);
    private static final JsonNode NAMESPACE = yaml("""
        metadata: {name: shop, uid: u-1, labels: {environment: prod}, creationTimestamp: '2026-01-01T00:00:00Z'}
        status: {phase: Active}
        """);

    /** Alice may read; the account default/builder may do everything. */
    private record Rights(String user) implements Access {

        @Override
        public Answer resource(Question q) {
            boolean yes = user.equals("default:builder") || q.verb().equals("get");
            return new Answer(
                    yes, String.join("|", q.verb(), q.group(), q.resource(), q.subresource(), q.namespace(), q.name()));
        }

        @Override
        public Answer path(String path, String verb) {
            return new Answer(path.equals("/healthz") && verb.equals("get"), "");
        }

        @Override
        public Access of(String namespace, String serviceAccount) {
            return new Rights(namespace + ":" + serviceAccount);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        object.spec.replicas <= params.maxReplicas ; true
        oldObject == null ; true
        request.operation == 'UPDATE' && request.namespace == 'shop' && !request.dryRun ; true
        request.resource.resource == 'deployments' && request.kind.group == 'apps' ; true
        has(request.subResource) ; false
        'dev' in request.userInfo.groups && request.userInfo.extra['scopes'] == ['a', 'b'] ; true
        request.options.fieldManager ; "kubectl"
        namespaceObject.metadata.labels['environment'] == 'prod' && namespaceObject.status.phase == 'Active' ; true
        namespaceObject.metadata.creationTimestamp < timestamp('2026-02-01T00:00:00Z') && namespaceObject.metadata.UID == 'u-1' ; true
        object.metadata.namespace ; "shop"
        authorizer.group('apps').resource('deployments').namespace('shop').check('delete').allowed() ; false
        authorizer.group('').resource('pods').subresource('log').namespace('n').name('p').check('get').reason() ; "get||pods|log|n|p"
        authorizer.serviceAccount('default', 'builder').group('').resource('pods').check('create').allowed() ; true
        authorizer.requestResource.check('get').reason() ; "get|apps|deployments||shop|web"
        authorizer.requestResource.check('update').allowed() || authorizer.path('/healthz').check('get').allowed() ; true
        authorizer.group('').resource('pods').fieldSelector('spec.nodeName=n').labelSelector('a=b').check('get').errored() ; false
        variables.image.startsWith('example.com') && variables.both ; true
        jsonpatch.escapeKey('a/b~c') ; "a~1b~0c"
        """)
    void expressionsSeeTheWrite(String text, String expected) throws Exception {
        Expression expression = scope().compile(text, Result.ANY);
        Object value = expression.evaluate(values(), new Budget(CelLimits.DEFAULT.perCall()));
        assertThat(ResultTree.of(value)).hasToString(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        Object{spec: Object.spec{replicas: 2}} ; {"spec":{"replicas":2}}
        Object{metadata: Object.metadata{labels: {'x/y': string(object.spec.replicas)}}} ; {"metadata":{"labels":{"x/y":"3"}}}
        Object{metadata: Object.metadata{labels: Object.metadata.labels{app: 'a'}}} ; {"metadata":{"labels":{"app":"a"}}}
        Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: 'proxy', args: ['a']}]}} ; {"spec":{"initContainers":[{"name":"proxy","args":["a"]}]}}
        Object{?spec: optional.none()} ; {}
        object.spec.replicas > 2 ? Object{spec: Object.spec{paused: true}} : Object{} ; {"spec":{"paused":true}}
        """)
    void objectsAreConstructed(String text, String expected) throws Exception {
        Object value = scope().compile(text, Result.OBJECT).evaluate(values(), new Budget(CelLimits.DEFAULT.perCall()));
        assertThat(ResultTree.ofObject(value)).hasToString(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        [JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'x'}] ; [{"op":"add","path":"/metadata/labels/a~1b","value":"x"}]
        object.spec.replicas == 1 ? [] : [JSONPatch{op: 'test', path: '/spec', value: Object.spec{replicas: 3}}] ; [{"op":"test","path":"/spec","value":{"replicas":3}}]
        [] ; []
        """)
    void patchesAreConstructed(String text, String expected) throws Exception {
        Object value =
                scope().compile(text, Result.JSON_PATCH).evaluate(values(), new Budget(CelLimits.DEFAULT.perCall()));
        assertThat(ResultTree.of(value)).hasToString(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        object.spec. ; BOOL ; compilation failed: ERROR: <input>:1:13
        nobody == 1 ; BOOL ; compilation failed: ERROR: <input>:1:1: undeclared reference to 'nobody'
        request.nothing == 1 ; BOOL ; compilation failed: ERROR: <input>:1:8: undefined field 'nothing'
        object.spec.replicas ; BOOL ; must evaluate to bool
        1 ; TEXT ; must evaluate to string
        true ; TEXT_OR_NULL ; must evaluate to one of [string null_type]
        {'a': 1} ; OBJECT ; must evaluate to Object
        Object{} ; JSON_PATCH ; must evaluate to list(JSONPatch)
        [JSONPatch{operation: 'add'}] ; JSON_PATCH ; compilation failed: ERROR: <input>:1:21: undefined field 'operation'
        Object{} ; BOOL ; compilation failed: ERROR: <input>:1:7: undeclared reference to 'Object'
        variables.later ; BOOL ; compilation failed: ERROR: <input>:1:10: undefined field 'later'
        """)
    void whatDoesNotCompileIsTold(String text, Result wanted, String expected) {
        assertThatThrownBy(() -> SCOPE.compile(text, wanted))
                .isInstanceOf(CelEngine.Invalid.class)
                .hasMessageStartingWith(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        object.nothing == 1 ; no such key: nothing
        variables.broken == 1 ; composited variable "broken" fails to evaluate: no such key: nope
        authorizer.path('').check('get').allowed() ; path must not be empty
        [1, 2, 3].all(i, authorizer.requestResource.check('get').allowed()) ; operation cancelled: actual cost limit exceeded
        """)
    void whatFailsSaysWhy(String text, String expected) throws Exception {
        Expression expression = scope().compile(text, Result.BOOL);
        assertThatThrownBy(() -> expression.evaluate(values(), new Budget(CelLimits.DEFAULT.perCall())))
                .isInstanceOf(Expression.Failed.class)
                .hasMessage(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        Object{spec: Object.status{replicas: 2}} ; unexpected type name "Object.status", expected "Object.spec", which matches field name path from root Object type
        Object{spec: optional.of(1)} ; a value of type
        """)
    void whatIsConstructedHasItsPlace(String text, String expected) throws Exception {
        Object value = scope().compile(text, Result.OBJECT).evaluate(values(), new Budget(CelLimits.DEFAULT.perCall()));
        assertThatThrownBy(() -> ResultTree.ofObject(value)).hasMessageStartingWith(expected);
    }

    private static Map<String, Expression> variables() throws Exception {
        Map<String, Expression> defined = new LinkedHashMap<>();
        RequestScope scope = SCOPE;
        for (String[] one : new String[][] {
            {"image", "object.spec.template.spec.containers[0].image"},
            {"both", "variables.image != '' && request.name == 'web'"},
            {"broken", "object.spec.nope"}
        }) {
            Expression expression = scope.compile(one[1], Result.ANY);
            defined.put(one[0], expression);
            scope = scope.with(one[0], expression.type());
        }
        return defined;
    }

    private static RequestScope scope() throws Exception {
        RequestScope scope = SCOPE;
        for (Map.Entry<String, Expression> one : variables().entrySet()) {
            scope = scope.with(one.getKey(), one.getValue().type());
        }
        return scope;
    }

    private static Map<String, Object> values() throws Exception {
        Map<String, Object> values = RequestValues.of(
                REQUEST,
                OBJECT,
                null,
                new Rights("alice"),
                new Access.Question("", "apps", "deployments", "", "shop", "web"));
        values.put("params", RequestValues.value(yaml("maxReplicas: 5")));
        values.put("namespaceObject", RequestValues.namespace(NAMESPACE));
        RequestValues.define(variables(), values);
        return values;
    }
}
