package io.vertikube.apiserver.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.PercentCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a kubelet is asked for logs, exec, attach and port-forward: its own paths and parameter names. Pure. */
final class KubeletPaths {

    private KubeletPaths() {}

    static String log(JsonNode pod, Query query) {
        List<String> parameters = LogQuery.checked(Trees.text(pod, "metadata", "name"), query);
        return path("containerLogs", pod, container(pod, query), parameters);
    }

    static String exec(JsonNode pod, Query query) {
        if (!query.has("command")) {
            throw ApiErrors.badRequest("you must specify at least 1 command for exec");
        }
        List<String> parameters = streams(query);
        query.all("command").forEach(word -> parameters.add("command=" + PercentCode.encode(word)));
        return path("exec", pod, container(pod, query), parameters);
    }

    static String attach(JsonNode pod, Query query) {
        return path("attach", pod, container(pod, query), streams(query));
    }

    static String portForward(JsonNode pod, Query query) {
        var parameters = new ArrayList<String>();
        for (String ports : query.all("ports")) {
            for (String port : ports.split(",")) {
                parameters.add("port=" + PercentCode.encode(port));
            }
        }
        return path("portForward", pod, "", parameters);
    }

    private static List<String> streams(Query query) {
        var parameters = new ArrayList<String>();
        boolean tty = query.flag("tty");
        if (query.flag("stdin")) {
            parameters.add("input=1");
        }
        if (query.flag("stdout")) {
            parameters.add("output=1");
        }
        if (query.flag("stderr") && !tty) {
            parameters.add("error=1");
        }
        if (tty) {
            parameters.add("tty=1");
        }
        if (!query.flag("stdin") && !query.flag("stdout") && !query.flag("stderr")) {
            throw ApiErrors.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
        return parameters;
    }

    private static String path(String verb, JsonNode pod, String container, List<String> parameters) {
        String path = "/" + verb + "/" + PercentCode.encode(Trees.text(pod, "metadata", "namespace")) + "/"
                + PercentCode.encode(Trees.text(pod, "metadata", "name"))
                + (container.isEmpty() ? "" : "/" + PercentCode.encode(container));
        return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
    }

    /** The container that is meant: the one named, or the only one; an annotation about it is for kubectl to read. */
    private static String container(JsonNode pod, Query query) {
        String name = Trees.text(pod, "metadata", "name");
        String wanted = query.text("container");
        List<String> main = names(pod, "containers");
        if (wanted.isEmpty()) {
            if (main.size() == 1) {
                return main.getFirst();
            }
            throw ApiErrors.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                    + String.join(" ", main) + "]" + initSentence(pod));
        }
        boolean known = main.contains(wanted)
                || names(pod, "initContainers").contains(wanted)
                || names(pod, "ephemeralContainers").contains(wanted);
        if (!known) {
            throw ApiErrors.badRequest("container " + wanted + " is not valid for pod " + name);
        }
        return wanted;
    }

    private static String initSentence(JsonNode pod) {
        List<String> init = names(pod, "initContainers");
        return init.isEmpty() ? "" : " or one of the init containers: [" + String.join(" ", init) + "]";
    }

    private static List<String> names(JsonNode pod, String list) {
        return Trees.objects(pod.path("spec"), list).stream()
                .map(c -> c.path("name").asText())
                .collect(Collectors.toList());
    }
}
