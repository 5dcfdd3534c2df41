package io.vertikube.controller.frame;

import io.vertikube.client.ApiClient;
import java.time.InstantSource;

/**
 * Each controller acts as a service account of its own in {@code kube-system}, so that it may do what its role says and no
 * more, and audit tells who did what. All share connections; who asks is told by a token. Safe for any thread.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles">Roles for built-in controllers</a>
 */
public final class ServiceAccounts implements Identities {
    private final ApiClient service;
    private final ApiClient connections;
    private final InstantSource clock;

    /** @param service makes the accounts and asks for their tokens */
    public ServiceAccounts(ApiClient service, InstantSource clock) {
        this.service = service;
        this.connections = service.anonymous();
        this.clock = clock;
    }

    @Override
    public ApiClient of(String account) {
        return connections.as("kube-controller-manager", new AccountToken(service, account, clock));
    }

    @Override
    public void close() {
        connections.close();
    }
}
