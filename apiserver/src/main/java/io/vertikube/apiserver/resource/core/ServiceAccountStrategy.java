package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;

/** The rules of service accounts: secrets that older servers made are not taken from a creator. Pure. */
public final class ServiceAccountStrategy implements Strategy {

    @Override
    public void prepareForCreate(ObjectNode account) {
        if (account.path("secrets").isEmpty()) {
            account.remove("secrets");
        }
    }
}
