package io.vertikube.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.admission.policy.ValidatingPolicies;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.ConversionTable;
import io.vertikube.catalog.Catalog;
import io.vertikube.object.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What policies leave for the audit, and what costs nothing while there is no policy. */
class PolicyNotesTest {

    private static final String KIND =
            "'apiVersion':'admissionregistration.k8s.io/v1','kind':'ValidatingAdmissionPolicy";
    private static final String RULES =
            "'matchConstraints':{'resourceRules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':['CREATE'],"
                    + "'resources':['configmaps']}]}";

    private final InMemory cluster = new InMemory();
    private final Map<String, String> annotations = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    private ValidatingPolicies plugin(Once<CelEngine> engine) {
        return new ValidatingPolicies(new Surroundings(
                cluster.storage,
                Catalog::builtIn,
                new ConversionTable(type -> Optional.empty()),
                attributes -> new Decision.NoOpinion(""),
                engine));
    }

    private ValidatingPolicies plugin() {
        return plugin(new Once<>(() -> new CelEngine(CelLimits.DEFAULT)));
    }

    private AdmissionRequest request() {
        AdmissionRequest plain = InMemory.create(
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m','namespace':'n'},'data':{'a':'b'}}",
                UserInfo.of("jane"));
        return new AdmissionRequest(
                plain.operation(),
                plain.type(),
                plain.kind(),
                "",
                "n",
                "m",
                plain.object(),
                null,
                null,
                plain.user(),
                false,
                warnings::add,
                new AdmissionNotes(annotations::put));
    }

    private void put(String spec, String... actions) {
        cluster.put("{" + KIND + "','metadata':{'name':'p'},'spec':{" + RULES + "," + spec + "}}");
        int number = 1;
        for (String action : actions) {
            cluster.put("{" + KIND + "Binding','metadata':{'name':'b" + number++
                    + "'},'spec':{'policyName':'p','validationActions':[" + action + "]}}");
        }
    }

    @Test
    void auditedFailuresAreNoted() {
        put(
                "'validations':[{'expression':'true'},{'expression':'object.data.a == \\'c\\'','message':'no c'}]",
                "'Warn','Audit'");
        plugin().validate(request());
        assertThat(warnings)
                .containsExactly("Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b1': no c");
        assertThat(annotations)
                .containsExactly(Map.entry(
                        "validation.policy.admission.k8s.io/validation_failure",
                        "[{\"message\":\"no c\",\"policy\":\"p\",\"binding\":\"b1\",\"expressionIndex\":1,"
                                + "\"validationActions\":[\"Warn\",\"Audit\"]}]"));
    }

    @Test
    void annotationsAreNotedOnceWhateverTheBindings() {
        put(
                "'auditAnnotations':[{'key':'a','valueExpression':'\\'a is \\' + object.data.a'},"
                        + "{'key':'none','valueExpression':'\\'\\''},{'key':'null','valueExpression':'null'}]",
                "'Deny'",
                "'Audit'");
        plugin().validate(request());
        assertThat(annotations).containsExactly(Map.entry("p/a", "a is b"));
    }

    @Test
    void anAnnotationThatFailsRefuses() {
        put("'auditAnnotations':[{'key':'a','valueExpression':'string(object.nope)'}]", "'Deny'");
        assertThatThrownBy(() -> plugin().validate(request()))
                .isInstanceOf(ApiException.class)
                .hasMessageEndingWith(
                        "denied request: expression 'string(object.nope)' resulted in error: no such key: nope");
    }

    @Test
    void aPolicyWithoutBindingAsksNothing() {
        put("'validations':[{'expression':'false'}]");
        plugin(new Once<>(() -> {
                    throw new IllegalStateException("nothing is compiled");
                }))
                .validate(request());
        assertThat(annotations).isEmpty();
    }
}
