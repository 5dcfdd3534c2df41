package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.catalog.ResourceType;

/** Answers with a list in the form that the client takes, from compact objects where that is possible. Safe for any thread. */
record ListAnswers(Rendering rendering, ProtobufCodec codec, ResourceLimits limits) {

    void answer(Call call, ResourceType type, ListPage page, View view) {
        if (view.isBytes()) {
            ListBody.write(call, type, page, view, limits);
        } else if (view.format() == View.Format.PROTOBUF) {
            call.work(() -> BinaryListBody.write(call, type, page, view, codec, limits));
        } else {
            call.offload(() -> rendering.list(type, page, view, call.query()));
        }
    }
}
