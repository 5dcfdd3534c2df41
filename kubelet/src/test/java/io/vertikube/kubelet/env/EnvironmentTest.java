package io.vertikube.kubelet.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.runtime.DnsConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {

    private static final FieldValues FIELDS = new FieldValues(
            List.of("10.0.0.9"), List.of("192.0.2.1"), Map.of("cpu", new Quantity("2"), "memory", new Quantity("1Gi")));

    @ParameterizedTest
    @CsvSource({
        "$(A),1",
        "x$(A)y$(B)z,x1y2z",
        "$(MISSING),$(MISSING)",
        "$$(A),$(A)",
        "$$$(A),$1",
        "$(A,$(A",
        "$A,$A",
        "100$,100$",
        "$(A)$(A),11"
    })
    void namesInBracketsAreReplaced(String text, String expected) {
        assertThat(Expansion.expand(text, Map.of("A", "1", "B", "2")::get)).isEqualTo(expected);
    }

    @Test
    void laterSourcesWinAndReferencesSeeWhatCameBefore() {
        assertThat(environment("""
                envFrom: [{configMapRef: {name: conf}, prefix: C_}, {secretRef: {name: hidden}}]
                env:
                - {name: A, value: one}
                - {name: B, value: "$(A)-$(C_color)-$(LATER)"}
                - {name: LATER, value: two}
                - {name: KEY, valueFrom: {secretKeyRef: {name: hidden, key: token}}}
                - {name: NONE, valueFrom: {configMapKeyRef: {name: absent, key: k, optional: true}}}
                - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
                - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                resources: {limits: {cpu: 1500m}}
                """))
                .containsEntry("C_color", "blue")
                .containsEntry("token", "secret")
                .containsEntry("B", "one-blue-$(LATER)")
                .containsEntry("KEY", "secret")
                .doesNotContainKey("NONE")
                .containsEntry("NAME", "p")
                .containsEntry("LABEL", "web")
                .containsEntry("IP", "10.0.0.9")
                .containsEntry("CPU", "1500")
                .containsEntry("MEM", "1024");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "env: [{name: A, valueFrom: {configMapKeyRef: {name: absent, key: k}}}] | configmap \"absent\" not found",
                "env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: k}}}] | couldn't find key k in ConfigMap n/conf",
                "env: [{name: A, valueFrom: {secretKeyRef: {name: hidden, key: k}}}] | couldn't find key k in Secret n/hidden",
                "envFrom: [{secretRef: {name: absent}}] | secret \"absent\" not found",
                "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: none, key: k}}}] | file \"none\" of volume \"v\" not found",
                "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: env, key: k}}}] | couldn't find key k in file \"env\" of volume \"v\"",
                "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: bad, key: k, optional: true}}}] | file \"bad\" of volume \"v\" is no file of environment variables: line 2 has a value of \"B\" that is not in single quotes",
            })
    void whatIsMissingIsNamed(String yaml, String sentence) {
        assertThatThrownBy(() -> environment(yaml))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage(sentence);
    }

    @Test
    void variablesComeFromFilesOfTheirVolumes() {
        assertThat(environment("""
                env:
                - {name: A, valueFrom: {fileKeyRef: {volumeName: v, path: env, key: DB}}}
                - {name: B, valueFrom: {fileKeyRef: {volumeName: v, path: env, key: none, optional: true}}}
                - {name: C, valueFrom: {fileKeyRef: {volumeName: v, path: none, key: k, optional: true}}}
                """))
                .containsEntry("A", "address")
                .doesNotContainKey("B")
                .doesNotContainKey("C");
    }

    @Test
    void filesOfVariablesAreReadAsAShellReadsThem() {
        assertThat(EnvFile.parse("""
                # comment='no'
                  ADDRESS='a # b'
                MULTI = 'one
                # two'\t

                EMPTY=''
                ADDRESS='$LATER'"""))
                .containsExactlyInAnyOrderEntriesOf(Map.of("ADDRESS", "$LATER", "EMPTY", "", "MULTI", "one\n# two"))
                .isEqualTo(EnvFile.parse("MULTI='one\n# two'\r\nEMPTY=''\r\nADDRESS='$LATER'\r\n"));
        assertThat(EnvFile.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=b              | line 1 has a value of \"A\" that is not in single quotes",
                "A=\"b\"          | line 1 has a value of \"A\" that is not in single quotes",
                "A=               | line 1 has a value of \"A\" that is not in single quotes",
                "B='1'~A='b       | line 2 begins a value of \"A\" that has no end",
                "A='b''c'         | line 1 has more than one value of \"A\" in single quotes",
                "A='b'$C          | line 1 has more than one value of \"A\" in single quotes",
                "A='b' B='c'      | line 1 has more than one value of \"A\" in single quotes",
                "~export A='b'    | line 2 has a name that is none: \"export A\"",
                "='b'             | line 1 has a name that is none: \"\"",
                "A                | line 1 has no \"=\"",
                "A~='b'           | line 1 has no \"=\"",
            })
    void whatAShellWouldReadOtherwiseIsRefused(String text, String sentence) {
        assertThatThrownBy(() -> EnvFile.parse(text.replace('~', '\n')))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage(sentence);
    }

    @Test
    void servicesBecomeVariables() {
        Service redis = TestPods.parse("""
                metadata: {name: redis-main, namespace: n}
                spec: {clusterIP: 10.96.0.7, ports: [{name: tcp, port: 6379, protocol: TCP}, {name: stat, port: 80}]}
                """, Service.class);
        Service headless = TestPods.parse(
                "{metadata: {name: h, namespace: n}, spec: {clusterIP: None, ports: [{port: 1}]}}", Service.class);
        Service api = TestPods.parse(
                "{metadata: {name: kubernetes, namespace: default}, spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443}]}}",
                Service.class);
        List<Service> all = List.of(redis, headless, api);
        assertThat(ServiceVariables.of(all, "n", true))
                .containsEntry("REDIS_MAIN_SERVICE_HOST", "10.96.0.7")
                .containsEntry("REDIS_MAIN_SERVICE_PORT", "6379")
                .containsEntry("REDIS_MAIN_SERVICE_PORT_STAT", "80")
                .containsEntry("REDIS_MAIN_PORT", "tcp://10.96.0.7:6379")
                .containsEntry("REDIS_MAIN_PORT_80_TCP_ADDR", "10.96.0.7")
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.96.0.1")
                .doesNotContainKey("H_SERVICE_HOST");
        assertThat(ServiceVariables.of(all, "n", false).keySet()).allMatch(name -> name.startsWith("KUBERNETES"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ClusterFirst            | false | 10.96.0.10 | n.svc.cluster.local svc.cluster.local cluster.local home",
                "ClusterFirst            | true  | 192.0.2.53 | home",
                "ClusterFirstWithHostNet | true  | 10.96.0.10 | n.svc.cluster.local svc.cluster.local cluster.local home",
                "Default                 | false | 192.0.2.53 | home",
                "None                    | false | ''         | ''"
            })
    void dnsFollowsThePolicy(String policy, boolean hostNetwork, String servers, String searches) {
        Pod pod = pod("dnsPolicy: " + policy + "\n  hostNetwork: " + hostNetwork, "");
        DnsConfig host = PodDns.parse("# comment\nnameserver 192.0.2.53\nsearch home\n");
        DnsConfig dns = PodDns.of(pod, host, List.of("10.96.0.10"), "cluster.local");
        assertThat(String.join(" ", dns.servers())).isEqualTo(servers);
        assertThat(String.join(" ", dns.searches())).isEqualTo(searches);
    }

    @Test
    void ownDnsConfigIsAddedAndItsOptionsWin() {
        Pod pod = pod("""
                dnsConfig: {nameservers: [1.2.3.4], searches: [my.own], options: [{name: ndots, value: "2"}, {name: edns0}]}""", "");
        DnsConfig dns = PodDns.of(pod, PodDns.parse(""), List.of("10.96.0.10"), "cluster.local");
        assertThat(dns.servers()).containsExactly("10.96.0.10", "1.2.3.4");
        assertThat(dns.searches()).endsWith("my.own");
        assertThat(dns.options()).containsExactly("ndots:2", "edns0");
    }

    @Test
    void longNamesAreCutToAHostname() {
        Pod pod = pod("", "");
        pod.getMetadata().setName("a".repeat(62) + "-" + "b".repeat(10));
        assertThat(PodNames.hostname(pod)).isEqualTo("a".repeat(62));
    }

    @Test
    void hostnameOverrideTakesThePlaceOfAllOtherNames() {
        Pod pod = pod("hostname: box\n  subdomain: sub\n  hostnameOverride: " + "a.".repeat(31) + "b", "");
        assertThat(PodNames.hostname(pod)).isEqualTo("a.".repeat(31) + "b");
        assertThat(PodNames.qualified(pod, "cluster.local")).isEmpty();
        assertThat(PodNames.hostsFile(pod, List.of("10.0.0.9"), "cluster.local", Optional.empty()))
                .endsWith("10.0.0.9\t" + "a.".repeat(31) + "b\n");
    }

    /** Two of a volume. */
    private static Optional<String> file(String volume, String path) {
        return volume.equals("v")
                ? Optional.ofNullable(
                        Map.of("env", "DB='address'\n", "bad", "A='1'\nB=2\n").get(path))
                : Optional.empty();
    }

    private static Map<String, String> environment(String yaml) {
        Pod pod = pod("", yaml);
        Map<String, String> result = new TreeMap<>();
        ContainerEnvironment.of(
                        pod,
                        pod.getSpec().getContainers().getFirst(),
                        new Given(),
                        FIELDS,
                        EnvironmentTest::file,
                        Map.of())
                .variables()
                .forEach(variable -> result.put(variable.name(), variable.value()));
        return result;
    }

    private static Pod pod(String spec, String container) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u, labels: {app: web}}
                spec:
                  %s
                  containers:
                  - name: a
                    image: i
                %s
                """.formatted(spec.strip(), container.indent(4)));
    }

    /** One ConfigMap and one Secret. */
    private static final class Given implements ConfigSource {

        @Override
        public Optional<ConfigMap> configMap(String namespace, String name) {
            return name.equals("conf")
                    ? Optional.of(
                            new ConfigMapBuilder().addToData("color", "blue").build())
                    : Optional.empty();
        }

        @Override
        public Optional<Secret> secret(String namespace, String name) {
            return name.equals("hidden")
                    ? Optional.of(
                            new SecretBuilder().addToData("token", "c2VjcmV0").build())
                    : Optional.empty();
        }
    }
}
