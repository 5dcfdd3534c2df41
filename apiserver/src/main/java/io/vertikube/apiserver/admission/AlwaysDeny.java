package io.vertikube.apiserver.admission;

import io.vertikube.object.ApiErrors;

/** Refuses every write; for tests of clients. Off by default. */
final class AlwaysDeny implements AdmissionPlugin {

    static final String NAME = "AlwaysDeny";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate(AdmissionRequest request) {
        throw ApiErrors.forbidden(
                request.type().gvr(), request.name(), "admission control is denying all modifications");
    }
}
