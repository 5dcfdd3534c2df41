package io.vertikube.controller.certificate;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.vertikube.control.Controller;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.object.ObjectKey;

/** A queue of requests that come or change. */
final class RequestQueue {
    private RequestQueue() {}

    static ManagedController of(ControllerContext context, String name, int workers, Reconciler reconciler) {
        Controller queue = context.queue(name, workers, reconciler);
        context.informer(CertificateSigningRequest.class).onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue);
    }
}
