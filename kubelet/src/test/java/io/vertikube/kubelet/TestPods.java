package io.vertikube.kubelet;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Pods out of YAML. */
public final class TestPods {

    private static final YAMLMapper YAML = new YAMLMapper();

    private TestPods() {}

    /** A pod of namespace default with uid {@code uid-<name>} unless the text says otherwise. */
    public static Pod parse(String yaml) {
        return parse(yaml, Pod.class);
    }

    /** A pod called web of one container, bound to a node, as a client creates it. */
    static Pod webOn(String node) {
        return parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: default}
                spec:
                  nodeName: %s
                  containers:
                  - {name: main, image: "nginx:1"}
                """.formatted(node));
    }

    public static <T> T parse(String yaml, Class<T> type) {
        try {
            return Json.fromTree(YAML.readTree(yaml), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
