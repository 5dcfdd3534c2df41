package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;

/** Ingresses without a class get the default one, the youngest where several are marked. */
final class DefaultIngressClass implements AdmissionPlugin {

    private static final String IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private final Stored stored;

    DefaultIngressClass(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("networking.k8s.io", "ingresses")) {
            return;
        }
        ObjectNode ingress = request.requireObject();
        ObjectNode spec = Trees.object(ingress, "spec");
        boolean annotated = Trees.at(ingress, "metadata", "annotations").has("kubernetes.io/ingress.class");
        if (Trees.absent(spec, "ingressClassName") && !annotated) {
            DefaultStorageClass.youngest(stored, "/registry/networking.k8s.io/ingressclasses/", IS_DEFAULT)
                    .ifPresent(c -> spec.put("ingressClassName", Trees.text(c, "metadata", "name")));
        }
    }
}
