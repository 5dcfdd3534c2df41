package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The rules of secrets: what each type must hold ("Types of Secret" in the Kubernetes documentation). Pure. */
public final class SecretStrategy implements Strategy {

    private static final String SERVICE_ACCOUNT = "kubernetes.io/service-account-token";

    @Override
    public void applyDefaults(ObjectNode secret) {
        Trees.setIfAbsent(secret, "type", "Opaque");
        if (secret.path("type").asText().isEmpty()) {
            secret.put("type", "Opaque");
        }
        Trees.find(secret, "stringData").ifPresent(plain -> {
            ObjectNode data = Trees.object(secret, "data");
            plain.properties()
                    .forEach(e -> data.put(e.getKey(), encode(e.getValue().asText(""))));
        });
        secret.remove("stringData");
    }

    @Override
    public List<FieldError> validate(ObjectNode secret) {
        var problems = new Problems();
        Place root = Place.root(secret);
        Place data = root.get("data");
        long bytes = 0;
        for (var entry : data.entries().entrySet()) {
            ConfigMapStrategy.key(entry.getKey(), entry.getValue(), problems);
            bytes += entry.getValue().text().length() / 4 * 3L;
        }
        if (bytes > ConfigMapStrategy.MAX_BYTES) {
            problems.add(FieldError.tooLong("data", ConfigMapStrategy.MAX_BYTES));
        }
        type(root, data, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode secret, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(Place.root(secret).get("type"), Place.root(old).get("type"));
        ConfigMapStrategy.unchangedIfImmutable(secret, old, List.of("data"), problems);
        problems.addAll(validate(secret));
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("type");
    }

    private static void type(Place root, Place data, Problems problems) {
        switch (root.text("type")) {
            case SERVICE_ACCOUNT -> {
                Place name = root.get("metadata", "annotations").key("kubernetes.io/service-account.name");
                if (name.empty()) {
                    problems.required(name);
                }
            }
            case "kubernetes.io/dockercfg" -> json(data.key(".dockercfg"), problems);
            case "kubernetes.io/dockerconfigjson" -> json(data.key(".dockerconfigjson"), problems);
            case "kubernetes.io/basic-auth" -> {
                if (!data.key("username").present() && !data.key("password").present()) {
                    problems.required(data.key("username"));
                    problems.required(data.key("password"));
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (data.key("ssh-privatekey").empty()) {
                    problems.required(data.key("ssh-privatekey"));
                }
            }
            case "kubernetes.io/tls" -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (!data.key(key).present()) {
                        problems.required(data.key(key));
                    }
                }
            }
            default -> {
                // any other type means what its users agree on
            }
        }
    }

    private static void json(Place entry, Problems problems) {
        if (!entry.present()) {
            problems.required(entry);
            return;
        }
        try {
            Json.tree(Base64.getDecoder().decode(entry.text()));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            problems.add(FieldError.invalid(entry.path(), "<secret contents redacted>", "must be valid JSON"));
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
