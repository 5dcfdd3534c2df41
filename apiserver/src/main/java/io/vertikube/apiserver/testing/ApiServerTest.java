package io.vertikube.apiserver.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit Jupiter test class that needs an API server. Constructors, life-cycle and test methods may take a {@link
 * TestServer}, and of the administrator, or of somebody else with {@link As}: a {@link TestUser}, fabric8's {@code
 * KubernetesClient} or {@code Config}, an {@code ApiClient}, a {@code KubeConfig}. All of one method are set to one fresh
 * namespace.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestServerExtension.class)
public @interface ApiServerTest {

    /** Who shares a server. */
    Scope value() default Scope.CLASS;

    /** How long a server lives. */
    enum Scope {
        /** Each test method has its own. */
        METHOD,
        /** The methods of a class, with its nested classes, share one. */
        CLASS,
        /** All classes of the run that say so share one: what is not in a namespace is everybody's. */
        RUN
    }
}
