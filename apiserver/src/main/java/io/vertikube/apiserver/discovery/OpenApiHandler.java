package io.vertikube.apiserver.discovery;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.openapi.Document;
import io.vertikube.apiserver.openapi.OpenApi;
import io.vertikube.object.ApiErrors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;

/** Serves the OpenAPI documents; building one takes a while, so never on the event loop. Safe for any thread. */
public final class OpenApiHandler implements Consumer<Call> {

    private final OpenApi documents;

    public OpenApiHandler(OpenApi documents) {
        this.documents = documents;
    }

    /** Whether a path is answered here. */
    public static boolean answers(String path) {
        return path.equals("/openapi/v2")
                || path.equals("/openapi/v3")
                || path.startsWith("/openapi/v3/")
                || path.equals("/swagger-2.0.0.pb-v1");
    }

    @Override
    public void accept(Call call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            call.request().response().headers().set("Allow", "GET");
            throw ApiErrors.methodNotAllowed();
        }
        call.offload(() -> answer(call));
    }

    private Answer answer(Call call) {
        String path = call.info().path();
        if (path.equals("/openapi/v3")) {
            return Answer.json(200, documents.index());
        }
        if (path.startsWith("/openapi/v3/")) {
            Document document =
                    documents.document(path.substring("/openapi/v3/".length())).orElseThrow(ApiErrors::noSuchResource);
            Answer answer = send(call, document, Answer.JSON);
            return call.query().text("hash").equalsIgnoreCase(document.hash())
                    ? answer.with("Cache-Control", "public, immutable").with("Expires", "Fri, 31 Dec 2100 00:00:00 GMT")
                    : answer;
        }
        String accept = call.header("Accept");
        if (path.endsWith(".pb-v1") || accept.contains("proto-openapi.spec.v2")) {
            return send(call, documents.swaggerProtobuf(), OpenApi.SWAGGER_PROTOBUF_TYPE);
        }
        return send(call, documents.swagger(), Answer.JSON);
    }

    private static Answer send(Call call, Document document, String contentType) {
        String etag = '"' + document.hash() + '"';
        if (call.header("If-None-Match").equals(etag)) {
            return new Answer(304, contentType, Buffer.buffer(), List.of()).with("ETag", etag);
        }
        if (call.header("Accept-Encoding").contains("gzip")) {
            return new Answer(200, contentType, Buffer.buffer(document.gzip()), List.of())
                    .with("Content-Encoding", "gzip")
                    .with("ETag", etag)
                    .with("Vary", "Accept, Accept-Encoding");
        }
        return new Answer(200, contentType, Buffer.buffer(document.bytes()), List.of())
                .with("ETag", etag)
                .with("Vary", "Accept, Accept-Encoding");
    }
}
