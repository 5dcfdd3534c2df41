package io.vertikube.apiserver.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.vertikube.apiserver.testing.ApiServerTest.Scope;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who shares a server and a namespace, and who is whose client. */
final class TestServerExtensionTest {

    @Nested
    @ApiServerTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class OneAClass {

        private final Set<String> namespaces = new HashSet<>();
        private TestServer ofAll;

        @BeforeAll
        void remember(TestServer server) {
            ofAll = server;
        }

        @RepeatedTest(2)
        void hasANamespaceForEachMethod(TestServer server, TestUser admin, ApiClient client, KubeConfig config) {
            assertThat(server).isSameAs(ofAll);
            assertThat(namespaces.add(admin.namespace())).isTrue();
            assertThat(config.namespace()).isEqualTo(admin.namespace());
            assertThat(client.config().namespace()).isEqualTo(admin.namespace());
            assertThat(client.of(Namespace.class).find("", admin.namespace())).isPresent();
        }

        @Test
        void knowsWhoAParameterIs(@As(value = "jane", groups = "devs") TestUser jane, TestUser admin) {
            assertThat(jane.name()).isEqualTo("jane");
            assertThat(jane.namespace()).isEqualTo(admin.namespace());
        }

        @Nested
        final class AndInsideIt {
            @Test
            void theSame(TestServer server) {
                assertThat(server).isSameAs(ofAll);
            }
        }
    }

    @Nested
    @ApiServerTest(Scope.METHOD)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class OneAMethod {

        private final Set<TestServer> seen = new HashSet<>();
        private TestServer prepared;

        @BeforeEach
        void prepare(TestServer server) {
            prepared = server;
        }

        @RepeatedTest(2)
        void isFresh(TestServer server) {
            assertThat(seen.add(server)).isTrue();
            assertThat(server).isSameAs(prepared);
            assertThat(server.client().of(Namespace.class).find("", "left-behind"))
                    .isEmpty();
            server.namespace("left-behind");
        }
    }
}
