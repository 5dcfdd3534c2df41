package io.vertikube.apiserver.proxy;

import java.time.Duration;

/**
 * What talking to kubelets and pods may cost. Immutable.
 *
 * @param headBytes the head of an answer to an upgrade
 * @param errorBytes how much of a refusal's body is passed on
 * @param connectTimeout how long to wait for a connection
 * @param headTimeout how long to wait for the head of an answer
 */
public record ProxyLimits(int headBytes, int errorBytes, Duration connectTimeout, Duration headTimeout) {

    public static final ProxyLimits DEFAULT =
            new ProxyLimits(64 * 1024, 64 * 1024, Duration.ofSeconds(10), Duration.ofSeconds(30));
}
