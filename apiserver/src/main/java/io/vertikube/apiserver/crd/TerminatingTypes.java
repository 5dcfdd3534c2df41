package io.vertikube.apiserver.crd;

import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.object.ApiErrors;

/** Refuses new objects of a type whose definition is on its way out, so that its end comes. Safe for any thread. */
public final class TerminatingTypes implements AdmissionPlugin {

    private final ServedTypes served;

    public TerminatingTypes(ServedTypes served) {
        this.served = served;
    }

    @Override
    public String name() {
        return "CustomResourceDefinitionLifecycle";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean creates =
                request.operation() == Operation.CREATE && request.subresource().isEmpty();
        if (creates
                && served.type(request.type())
                        .map(t -> t.definition().terminating())
                        .orElse(false)) {
            throw ApiErrors.of(
                    405,
                    "MethodNotAllowed",
                    "create not allowed while custom resource definition is terminating",
                    null);
        }
    }
}
