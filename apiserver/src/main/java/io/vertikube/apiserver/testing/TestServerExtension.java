package io.vertikube.apiserver.testing;

import io.vertikube.apiserver.testing.ApiServerTest.Scope;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts a server when somebody first asks for it, and leaves it to JUnit's store, which closes it with its class, its
 * method or the run. Stateless.
 */
public final class TestServerExtension implements ParameterResolver {

    private static final Namespace OURS = Namespace.create(TestServerExtension.class);
    private static final String FABRIC8_CLIENT = "io.fabric8.kubernetes.client.KubernetesClient";
    private static final String FABRIC8_CONFIG = "io.fabric8.kubernetes.client.Config";

    /** The server of a test; empty before there can be one: around the class where each method has its own. */
    public static Optional<TestServer> server(ExtensionContext context) {
        return switch (scope(context)) {
            case RUN -> Optional.of(server(context.getRoot(), "run"));
            case CLASS -> Optional.of(server(annotated(context), "class"));
            case METHOD ->
                context.getTestMethod().isPresent() ? Optional.of(server(context, "method")) : Optional.empty();
        };
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestServer.class
                || type == TestUser.class
                || type == ApiClient.class
                || type == KubeConfig.class
                || type.getName().equals(FABRIC8_CLIENT)
                || type.getName().equals(FABRIC8_CONFIG);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestServer server = server(context)
                .orElseThrow(() -> new ParameterResolutionException(
                        "@ApiServerTest(METHOD) gives each test method a server of its own: there is none yet for "
                                + parameter.getParameter() + " of " + parameter.getDeclaringExecutable()));
        Class<?> type = parameter.getParameter().getType();
        if (type == TestServer.class) {
            return server;
        }
        TestUser user = user(server, parameter).in(namespace(server, context));
        if (type == TestUser.class) {
            return user;
        }
        if (type == ApiClient.class) {
            return user.client();
        }
        if (type == KubeConfig.class) {
            return user.config();
        }
        return type.getName().equals(FABRIC8_CLIENT) ? user.fabric8() : Fabric8.config(user.config());
    }

    private static TestUser user(TestServer server, ParameterContext parameter) {
        return parameter
                .findAnnotation(As.class)
                .map(as -> server.as(as.value(), as.groups()))
                .orElseGet(server::admin);
    }

    private static String namespace(TestServer server, ExtensionContext context) {
        return context.getStore(OURS)
                .computeIfAbsent("namespace of " + context.getUniqueId(), id -> server.namespace(), String.class);
    }

    private static TestServer server(ExtensionContext owner, String key) {
        return owner.getStore(OURS).computeIfAbsent(key, k -> TestServer.start(), TestServer.class);
    }

    private static Scope scope(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(annotated(context).getRequiredTestClass(), ApiServerTest.class)
                .map(ApiServerTest::value)
                .orElse(Scope.CLASS);
    }

    /** The innermost class that says it needs a server: those nested in it live inside it. */
    private static ExtensionContext annotated(ExtensionContext context) {
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            ExtensionContext here = at.get();
            boolean isClass = here.getTestMethod().isEmpty();
            if (isClass && AnnotationSupport.isAnnotated(here.getTestClass(), ApiServerTest.class)) {
                return here;
            }
        }
        throw new ExtensionConfigurationException(
                "no @ApiServerTest on " + context.getRequiredTestClass().getName() + " or a class around it");
    }
}
