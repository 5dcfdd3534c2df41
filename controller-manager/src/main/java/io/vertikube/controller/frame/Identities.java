package io.vertikube.controller.frame;

import io.vertikube.client.ApiClient;

/** As whom controllers act. Safe for any thread; closed when the term ends. */
public interface Identities extends AutoCloseable {

    /** The client of the controller to which an account of this name belongs. */
    ApiClient of(String account);

    @Override
    void close();

    /** All act as the service itself. */
    static Identities one(ApiClient service) {
        return new Identities() {
            @Override
            public ApiClient of(String account) {
                return service;
            }

            @Override
            public void close() {}
        };
    }
}
