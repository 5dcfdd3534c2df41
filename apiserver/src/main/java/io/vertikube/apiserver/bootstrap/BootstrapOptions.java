package io.vertikube.apiserver.bootstrap;

import io.vertikube.value.Cidr;
import java.util.Map;

/**
 * What the defaults depend on. Immutable.
 *
 * @param serverName tells this API server from others; the host's name
 * @param advertiseAddress where other machines reach this server
 * @param securePort and on which port
 * @param serviceRange where cluster addresses come from
 * @param authenticationData content of the ConfigMap {@code extension-apiserver-authentication}, such as
 *     {@code client-ca-file}
 */
public record BootstrapOptions(
        String serverName,
        String advertiseAddress,
        int securePort,
        Cidr serviceRange,
        Map<String, String> authenticationData) {

    public BootstrapOptions {
        authenticationData = Map.copyOf(authenticationData);
    }
}
