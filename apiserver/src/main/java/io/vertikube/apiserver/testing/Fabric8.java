package io.vertikube.apiserver.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertikube.client.KubeConfig;
import java.util.Base64;

/** Kubeconfigs as fabric8's client takes them. The only class here that calls that library. Stateless. */
public final class Fabric8 {

    private Fabric8() {}

    /** A configuration that looks at nothing else: no file, no environment variable, no system property. */
    public static Config config(KubeConfig config) {
        ConfigBuilder builder = new ConfigBuilder(Config.empty())
                .withMasterUrl(config.server().toString())
                .withCaCertData(Base64.getEncoder().encodeToString(config.caPem()))
                .withNamespace(config.namespace());
        byte[] certificate = config.certPem();
        byte[] key = config.keyPem();
        if (certificate != null && key != null) {
            builder.withClientCertData(Base64.getEncoder().encodeToString(certificate))
                    .withClientKeyData(Base64.getEncoder().encodeToString(key))
                    .withClientKeyAlgo("EC");
        }
        if (config.token() != null) {
            builder.withOauthToken(config.token());
        }
        return builder.build();
    }

    public static KubernetesClient client(KubeConfig config) {
        return new KubernetesClientBuilder().withConfig(config(config)).build();
    }
}
