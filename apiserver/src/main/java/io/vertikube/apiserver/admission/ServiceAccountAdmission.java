package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authz.PodReferences;
import io.vertikube.apiserver.resource.core.pod.MirrorRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Every pod runs under a service account: the default one if it names none, which must exist, and whose token is
 * mounted unless the pod or the account says no. A default account that is not there yet (the namespace is new) is
 * waited for a little.
 */
final class ServiceAccountAdmission implements AdmissionPlugin {

    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int TOKEN_SECONDS = 3607;
    private static final int TRIES = 20;
    private static final long TRY_AGAIN_MILLIS = 50;

    private final Stored stored;
    private final RandomGenerator random;

    ServiceAccountAdmission(ObjectStorage storage, RandomGenerator random) {
        this.stored = new Stored(storage);
        this.random = random;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public boolean mutatesAgain() {
        return true;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode pod = request.requireObject();
        ObjectNode spec = Trees.object(pod, "spec");
        if (MirrorRules.isMirror(pod)) {
            checkMirror(request, spec);
            return;
        }
        if (spec.path("serviceAccountName").asText("").isEmpty()) {
            spec.put("serviceAccountName", "default");
        }
        String name = spec.path("serviceAccountName").asText();
        spec.put("serviceAccount", name);
        ObjectNode account = account(request, name);
        if (mounts(spec, account)) {
            mountToken(spec);
        }
        if (Trees.at(account, "metadata", "annotations").path(ENFORCE).asText().equals("true")) {
            MountableSecrets.check(request, spec, account);
        }
        if (spec.path("imagePullSecrets").isEmpty()
                && !account.path("imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.path("imagePullSecrets").deepCopy());
        }
    }

    private static void checkMirror(AdmissionRequest request, ObjectNode spec) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            throw ApiErrors.forbidden(
                    request.type().gvr(), request.name(), "a mirror pod may not reference service accounts");
        }
        if (PodReferences.names(spec, request.name()).stream().anyMatch(name -> name.startsWith("secrets/"))) {
            throw ApiErrors.forbidden(request.type().gvr(), request.name(), "a mirror pod may not reference secrets");
        }
        for (JsonNode volume : spec.path("volumes")) {
            for (JsonNode source : volume.path("projected").path("sources")) {
                if (source.has("serviceAccountToken")) {
                    throw ApiErrors.forbidden(
                            request.type().gvr(),
                            request.name(),
                            "a mirror pod may not use ServiceAccountToken volume projections");
                }
            }
        }
    }

    private ObjectNode account(AdmissionRequest request, String name) {
        String key = "/registry/core/serviceaccounts/" + request.namespace() + "/" + name;
        Optional<ObjectNode> found = stored.setting(key);
        for (int i = 1; found.isEmpty() && name.equals("default") && i < TRIES; i++) {
            pause();
            found = stored.setting(key);
        }
        return found.orElseThrow(() -> ApiErrors.forbidden(
                request.type().gvr(),
                request.name(),
                "error looking up service account " + request.namespace() + "/" + name + ": serviceaccount \"" + name
                        + "\" not found"));
    }

    private static void pause() {
        try {
            Thread.sleep(TRY_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean mounts(ObjectNode spec, ObjectNode account) {
        return spec.hasNonNull("automountServiceAccountToken")
                ? spec.path("automountServiceAccountToken").asBoolean()
                : account.path("automountServiceAccountToken").asBoolean(true);
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean ephemeral = request.isForAnyPartOf("", "pods")
                && request.subresource().equals("ephemeralcontainers")
                && request.operation() == Operation.UPDATE;
        if (!ephemeral) {
            return;
        }
        JsonNode spec = request.requireObject().path("spec");
        stored.setting("/registry/core/serviceaccounts/" + request.namespace() + "/"
                        + spec.path("serviceAccountName").asText("default"))
                .filter(account -> Trees.at(account, "metadata", "annotations")
                        .path(ENFORCE)
                        .asText()
                        .equals("true"))
                .ifPresent(account -> MountableSecrets.check(request, spec, account));
    }

    private void mountToken(ObjectNode spec) {
        String volumeName = "";
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.path("name").asText().startsWith(VOLUME_PREFIX)) {
                volumeName = volume.path("name").asText();
            }
        }
        boolean newVolume = volumeName.isEmpty();
        if (newVolume) {
            volumeName = freeName(spec);
        }
        boolean used = false;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Trees.objects(spec, list)) {
                used |= mount(container, volumeName);
            }
        }
        if (used && newVolume) {
            Trees.array(spec, "volumes").add(tokenVolume(volumeName));
        }
    }

    private static boolean mount(ObjectNode container, String volumeName) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
                return false;
            }
        }
        Trees.array(container, "volumeMounts")
                .addObject()
                .put("name", volumeName)
                .put("readOnly", true)
                .put("mountPath", MOUNT_PATH);
        return true;
    }

    private String freeName(ObjectNode spec) {
        while (true) {
            var name = new StringBuilder(VOLUME_PREFIX);
            for (int i = 0; i < 5; i++) {
                name.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
            }
            String candidate = name.toString();
            boolean taken = Trees.objects(spec, "volumes").stream()
                    .anyMatch(v -> v.path("name").asText().equals(candidate));
            if (!taken) {
                return candidate;
            }
        }
    }

    private static ObjectNode tokenVolume(String name) {
        ObjectNode volume = Trees.newObject().put("name", name);
        ObjectNode projected = volume.putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace.put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", 420);
        return volume;
    }
}
