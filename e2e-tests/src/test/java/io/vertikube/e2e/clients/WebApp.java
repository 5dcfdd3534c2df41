package io.vertikube.e2e.clients;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A custom resource as authors of operators write them: what the generator of definitions makes of it is served. */
@Group("example.com")
@Version("v1")
@ShortNames("wa")
public final class WebApp extends CustomResource<WebApp.Spec, WebApp.Progress> implements Namespaced {

    /** What is wanted. */
    public static final class Spec {
        public int replicas;
        public String image;
    }

    /** What has become of it. */
    public static final class Progress {
        public Long observedGeneration;
        public int available;
        public String phase;
    }
}
