package io.vertikube.controller.namespace;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.controller.discovery.Discovery;
import io.vertikube.controller.discovery.ObjectMetadata;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes everything in a namespace, of whatever type, and counts what is still there. Other objects are touched only when no
 * pod is left, so that running pods do not lose what they run on. Blocks; one worker a namespace.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5080-ordered-namespace-deletion">
 *     KEP-5080, ordered namespace deletion</a>
 */
final class NamespaceContents {
    private static final int PAGE = 500;

    private final ApiClient client;
    private final Discovery discovery;

    NamespaceContents(ApiClient client) {
        this.client = client;
        this.discovery = new Discovery(client);
    }

    Remains delete(String namespace) {
        Discovery.Found found = discovery.read();
        var pass = new Pass(namespace);
        List<ResourceType> types = found.preferred().stream()
                .filter(type -> type.namespaced() && type.hasVerb("delete") && type.hasVerb("list"))
                .toList();
        types.stream().filter(NamespaceContents::isPods).forEach(pass::delete);
        if (pass.resources.isEmpty()) {
            types.stream().filter(type -> !isPods(type)).forEach(pass::delete);
        }
        return new Remains(pass.resources, pass.finalizers, found.failures(), pass.failures);
    }

    private static boolean isPods(ResourceType type) {
        return type.group().isEmpty() && type.plural().equals("pods");
    }

    /** One pass; confined to the call that makes it. */
    private final class Pass {
        private final String namespace;
        private final Map<String, Integer> resources = new HashMap<>();
        private final Map<String, Integer> finalizers = new HashMap<>();
        private final Map<String, String> failures = new HashMap<>();

        private Pass(String namespace) {
            this.namespace = namespace;
        }

        private void delete(ResourceType type) {
            TypedClient<ObjectMetadata> objects = client.metadataOf(ObjectMetadata.class, type);
            String name = type.plural() + "." + type.group();
            try {
                List<ObjectMetadata> there = list(objects);
                if (there.isEmpty()) {
                    return;
                }
                deleteAll(type, objects, there);
                for (ObjectMetadata left : list(objects)) {
                    resources.merge(name, 1, Integer::sum);
                    for (String finalizer : Fields.list(left.getMetadata().getFinalizers())) {
                        finalizers.merge(finalizer, 1, Integer::sum);
                    }
                }
            } catch (ApiException refused) {
                if (refused.code() == 404 || refused.code() == 405) {
                    return;
                }
                failures.put(name, String.valueOf(refused.getMessage()));
            }
        }

        private List<ObjectMetadata> list(TypedClient<ObjectMetadata> objects) {
            var all = new java.util.ArrayList<ObjectMetadata>();
            var page = objects.list(namespace, ListOptions.all().withLimit(PAGE));
            all.addAll(page.items());
            while (page.continueToken() != null) {
                page = objects.list(namespace, ListOptions.all().withLimit(PAGE).withContinue(page.continueToken()));
                all.addAll(page.items());
            }
            return all;
        }

        private void deleteAll(ResourceType type, TypedClient<ObjectMetadata> objects, List<ObjectMetadata> there) {
            boolean allLeave =
                    there.stream().allMatch(object -> object.getMetadata().getDeletionTimestamp() != null);
            if (allLeave) {
                return;
            }
            var options = new DeleteOptions();
            options.setPropagationPolicy("Background");
            if (type.hasVerb("deletecollection")) {
                objects.deleteCollection(namespace, ListOptions.all(), options);
                return;
            }
            for (ObjectMetadata object : there) {
                try {
                    objects.delete(namespace, object.getMetadata().getName(), options);
                } catch (ApiException refused) {
                    if (!refused.isNotFound()) {
                        throw refused;
                    }
                }
            }
        }
    }
}
