package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionChain;
import io.vertikube.apiserver.admission.AdmissionNotes;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Query;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Exec, attach, port-forward and proxies as admission sees them: the operation CONNECT with the options as object. Asks on
 * a virtual thread and lets the call go on at its event loop.
 */
final class ConnectAdmission {

    private static final Set<String> CONNECTING = Set.of("exec", "attach", "portforward", "proxy");

    private final AdmissionChain admission;
    private final Consumer<Call> streams;

    ConnectAdmission(AdmissionChain admission, Consumer<Call> streams) {
        this.admission = admission;
        this.streams = streams;
    }

    void accept(Call call, ResourceType type, Subresource subresource) {
        if (!CONNECTING.contains(subresource.name())) {
            streams.accept(call);
            return;
        }
        call.request().pause();
        call.work(() -> {
            var request = new AdmissionRequest(
                    Operation.CONNECT,
                    type,
                    subresource.kind(),
                    subresource.name(),
                    call.info().namespace(),
                    call.info().name(),
                    options(subresource, call.query(), call.info().remainder()),
                    null,
                    null,
                    call.user(),
                    false,
                    call::warn,
                    new AdmissionNotes(call::annotate));
            try {
                admission.mutate(request);
                admission.validate(request);
            } catch (Throwable e) {
                call.onContext(() -> {
                    call.request().resume();
                    call.fail(e);
                });
                return;
            }
            call.onContext(() -> forward(call));
        });
    }

    /** Still paused: what has arrived of the body is for whoever takes it. */
    private void forward(Call call) {
        try {
            streams.accept(call);
        } catch (Throwable e) {
            call.request().resume();
            call.fail(e);
        }
    }

    /** The options' kind with what the URL says ("PodExecOptions" and its like in the API reference). */
    static ObjectNode options(Subresource subresource, Query query, String path) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("kind", subresource.kind().kind());
        options.put("apiVersion", subresource.kind().apiVersion());
        for (String flag : List.of("stdin", "stdout", "stderr", "tty")) {
            if (query.flag(flag)) {
                options.put(flag, true);
            }
        }
        if (query.has("container")) {
            options.put("container", query.text("container"));
        }
        if (query.has("command")) {
            query.all("command").forEach(options.putArray("command")::add);
        }
        if (query.has("ports")) {
            ArrayNode ports = options.putArray("ports");
            for (String several : query.all("ports")) {
                for (String port : several.split(",")) {
                    if (port.matches("\\d{1,5}")) {
                        ports.add(Integer.parseInt(port));
                    }
                }
            }
        }
        if (subresource.name().equals("proxy")) {
            options.put("path", path);
        }
        return options;
    }
}
