package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.authn.TokenIssuer;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.Statuses;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;

/** What is written to a subresource that is no part of the object itself. Runs on virtual threads, safe for any. */
final class SubresourceWrites {

    private static final Gvk TOKEN_REQUEST = new Gvk("authentication.k8s.io", "v1", "TokenRequest");
    private static final ResourceType PODS = Catalog.builtIn().require(new Gvk("", "v1", "Pod"));

    private final WritePipeline pipeline;
    private final Attempts attempts;
    private final ScaleWrites scales;
    private final BindingWrites bindings;
    private final EvictionWrites evictions;
    private final TokenIssuer tokens;

    SubresourceWrites(WritePipeline pipeline, Attempts attempts, TokenIssuer tokens) {
        this.pipeline = pipeline;
        this.attempts = attempts;
        this.scales = new ScaleWrites(pipeline, attempts);
        this.bindings = new BindingWrites(pipeline, attempts);
        this.evictions = new EvictionWrites(pipeline, attempts, new DeleteWrites(pipeline, attempts));
        this.tokens = tokens;
    }

    /** POST to a subresource; answers with what the client is shown. */
    ObjectNode create(Write write, Subresource subresource, byte[] body, String contentType, Query query) {
        return switch (subresource.name()) {
            case "binding" ->
                bind(write, pipeline.intake().other(body, contentType, BindingWrites.BINDING, write.options()));
            case "eviction" -> {
                ObjectNode eviction = pipeline.intake()
                        .otherOrOlder(body, contentType, EvictionWrites.EVICTION, "policy/v1beta1", write.options());
                Placement.check(write, eviction);
                admit(write, EvictionWrites.EVICTION, eviction);
                evictions.evict(write, DeleteOptions.of(eviction.path("deleteOptions"), query));
                yield Statuses.success(201);
            }
            case "token" -> {
                attempts.current(write);
                ObjectNode request = pipeline.intake().other(body, contentType, TOKEN_REQUEST, write.options());
                admit(write, TOKEN_REQUEST, request);
                yield tokens.issue(write.namespace(), write.name(), request);
            }
            default -> throw ApiErrors.methodNotAllowed();
        };
    }

    private void admit(Write write, Gvk kind, ObjectNode object) {
        AdmissionRequest request = write.admission(Operation.CREATE, kind, object, null);
        pipeline.admission().mutate(request);
        pipeline.admission().validate(request);
    }

    /** Binds a pod, named by the URL or, on {@code /bindings}, by the body. */
    ObjectNode bind(Write write, ObjectNode binding) {
        Write pod = new Write(
                PODS,
                write.strategy(),
                "binding",
                write.namespace(),
                write.name().isEmpty() ? SystemFields.text(binding, "name") : write.name(),
                write.user(),
                write.options(),
                write.now(),
                write.audience());
        bindings.bind(pod, binding);
        return Statuses.success(201);
    }

    ObjectNode scale(Write write) {
        return ScaleWrites.scale(
                attempts.current(write).tree(), write.strategy().scalePaths());
    }

    Written updateScale(Write write, byte[] body, String contentType) {
        return scales.update(write, body, contentType);
    }

    Written patchScale(Write write, byte[] body, String contentType) {
        return scales.patch(write, body, contentType);
    }
}
