package io.vertikube.deploy.testing;

import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.apiserver.testing.TestServerExtension;
import java.lang.annotation.Annotation;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Adds to the server of a test the parts that its class, or one around it, is annotated with. Stateless. */
final class ClusterParts implements BeforeAllCallback, BeforeEachCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        TestServerExtension.server(context).ifPresent(server -> add(server, context));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TestServerExtension.server(context).ifPresent(server -> add(server, context));
    }

    private static void add(TestServer server, ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        find(test, WithControllers.class).ifPresent(a -> server.with(new Controllers()));
        find(test, WithScheduler.class).ifPresent(a -> server.with(new Scheduler()));
        find(test, WithNodes.class).ifPresent(a -> server.with(new SimulatedNodes(a.value())));
    }

    private static <A extends Annotation> Optional<A> find(Class<?> test, Class<A> annotation) {
        for (Class<?> at = test; at != null; at = at.getEnclosingClass()) {
            Optional<A> found = AnnotationSupport.findAnnotation(at, annotation);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
