package io.vertikube.apiserver.admission.match;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.resource.StrategyTable;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Defaulter;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.object.Gvk;

/** Puts what somebody made of an object into the write: an object of its kind again, with its defaults. Safe for any thread. */
public final class Renewal {

    private final Decoder decoder;
    private final Schemas schemas;
    private final StrategyTable strategies;

    public Renewal(Decoder decoder, Schemas schemas, StrategyTable strategies) {
        this.decoder = decoder;
        this.schemas = schemas;
        this.strategies = strategies;
    }

    /**
     * @param changed the object in the version in which it was seen; given away
     * @throws io.vertikube.object.ApiException if it is no object of its kind any more
     */
    public void take(Seen seen, ObjectNode changed) {
        AdmissionRequest request = seen.request();
        ObjectNode back = seen.back(changed);
        boolean decoded = request.isOfItsType()
                ? request.subresource().isEmpty() || request.subresource().equals("status")
                : schemas.of(request.kind()).isPresent();
        ObjectNode renewed = decoded ? renewed(request, back) : back;
        ObjectNode object = request.requireObject();
        if (!object.equals(renewed)) {
            object.removeAll();
            object.setAll(renewed);
            request.notes().touch();
        }
    }

    private ObjectNode renewed(AdmissionRequest request, ObjectNode tree) {
        Gvk kind = request.kind();
        ObjectNode object = decoder.convert(tree, kind).object();
        schemas.of(kind).ifPresent(schema -> Defaulter.applyDefaults(schema, object));
        if (request.isOfItsType()) {
            strategies.of(request.type()).applyDefaults(object);
        }
        return object;
    }
}
