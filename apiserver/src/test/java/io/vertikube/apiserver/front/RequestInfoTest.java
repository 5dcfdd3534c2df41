package io.vertikube.apiserver.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.object.ApiException;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoTest {

    private static RequestInfo of(String method, String path, String... query) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < query.length; i += 2) {
            parameters.add(query[i], query[i + 1]);
        }
        return RequestInfo.of(method, path, new Query(parameters));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, /api/v1/pods, list, '', v1, '', pods, '', ''",
                "GET, /api/v1/namespaces/ns/pods, list, '', v1, ns, pods, '', ''",
                "GET, /api/v1/namespaces/ns/pods/p, get, '', v1, ns, pods, '', p",
                "GET, /api/v1/namespaces/ns/pods/p/log, get, '', v1, ns, pods, log, p",
                "POST, /api/v1/namespaces/ns/pods, create, '', v1, ns, pods, '', ''",
                "PUT, /apis/apps/v1/namespaces/ns/deployments/d/scale, update, apps, v1, ns, deployments, scale, d",
                "PATCH, /apis/apps/v1/namespaces/ns/deployments/d, patch, apps, v1, ns, deployments, '', d",
                "DELETE, /api/v1/namespaces/ns/pods, deletecollection, '', v1, ns, pods, '', ''",
                "DELETE, /api/v1/namespaces/ns/pods/p, delete, '', v1, ns, pods, '', p",
                "GET, /api/v1/namespaces, list, '', v1, '', namespaces, '', ''",
                "GET, /api/v1/namespaces/ns, get, '', v1, ns, namespaces, '', ns",
                "PUT, /api/v1/namespaces/ns/finalize, update, '', v1, ns, namespaces, finalize, ns",
                "GET, /api/v1/watch/namespaces/ns/pods, watch, '', v1, ns, pods, '', ''",
                "GET, /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode, get, rbac.authorization.k8s.io, v1, '', clusterroles, '', system:node"
            })
    void resourcePaths(
            String method,
            String path,
            String verb,
            String group,
            String version,
            String namespace,
            String resource,
            String subresource,
            String name) {
        RequestInfo info = of(method, path);
        assertThat(info.resourceRequest()).isTrue();
        assertThat(info.verb()).isEqualTo(verb);
        assertThat(info.group()).isEqualTo(group);
        assertThat(info.version()).isEqualTo(version);
        assertThat(info.namespace()).isEqualTo(namespace);
        assertThat(info.resource()).isEqualTo(resource);
        assertThat(info.subresource()).isEqualTo(subresource);
        assertThat(info.name()).isEqualTo(name);
    }

    @Test
    void pathsThatAreNoResource() {
        for (String path : new String[] {"/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version"}) {
            assertThat(of("GET", path).resourceRequest()).as(path).isFalse();
            assertThat(of("GET", path).verb()).isEqualTo("get");
        }
    }

    @Test
    void watchIsAParameterOfAList() {
        assertThat(of("GET", "/api/v1/pods", "watch", "true").verb()).isEqualTo("watch");
        assertThat(of("GET", "/api/v1/pods", "watch", "false").verb()).isEqualTo("list");
        assertThat(of("GET", "/api/v1/namespaces/ns/pods/p", "watch", "true").verb())
                .isEqualTo("get");
    }

    @Test
    void aListOfOneNameIsAboutThatName() {
        assertThat(of("GET", "/api/v1/namespaces/ns/pods", "fieldSelector", "metadata.name=p")
                        .name())
                .isEqualTo("p");
    }

    @Test
    void theTargetOfAProxyStaysAsItWasWritten() {
        RequestInfo info = of("GET", "/api/v1/namespaces/ns/pods/p:80/proxy/a%2Fb/c/");
        assertThat(info.subresource()).isEqualTo("proxy");
        assertThat(info.name()).isEqualTo("p:80");
        assertThat(info.remainder()).isEqualTo("/a%2Fb/c/");
    }

    @Test
    void noNamespaceIsInANamespace() {
        for (String more : new String[] {"", "/b", "/b/finalize", "/a"}) {
            assertThatThrownBy(() -> of("GET", "/api/v1/namespaces/a/namespaces" + more))
                    .isInstanceOf(ApiException.class);
        }
        RequestInfo custom = of("GET", "/apis/x.io/v1/namespaces/a/namespaces/b");
        assertThat(custom.namespace()).isEqualTo("a");
        assertThat(custom.name()).isEqualTo("b");
    }

    @Test
    void noSegmentLeavesItsPlace() {
        assertThatThrownBy(() -> of("GET", "/api/v1/namespaces/ns/pods/..%2F..%2Fsecrets"))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> of("GET", "/api/v1/namespaces/../pods/x")).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> of("GET", "/api/v1/namespaces/ns/pods/%zz")).isInstanceOf(ApiException.class);
    }
}
