package io.vertikube.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BuiltInSchemasTest {

    private final BuiltInSchemas schemas = BuiltInSchemas.load();

    @Test
    void everyResourceHasASchema() {
        for (ResourceType type : Catalog.builtIn().all()) {
            assertThat(schemas.of(type.gvk())).as(type.gvk().toString()).isPresent();
            if (type.hasVerb("list")) {
                assertThat(schemas.of(new Gvk(type.group(), type.version(), type.kind() + "List")))
                        .as("list of " + type.gvk())
                        .isPresent();
            }
        }
    }

    @Test
    void everyDefinitionReads() {
        for (String name : Definitions.structure().names()) {
            Schema schema = schemas.definition(name).orElseThrow();
            schema.properties()
                    .values()
                    .forEach(field -> assertThat(field.type()).as(name).isNotNull());
            assertThat(schema.properties().keySet()).as(name).containsAll(schema.required());
        }
    }

    @Test
    void optionsBelongToEveryGroup() {
        assertThat(schemas.of(new Gvk("apps", "v1", "DeleteOptions"))).isPresent();
        assertThat(schemas.of(new Gvk("apps", "v1", "Nothing"))).isEmpty();
    }

    @Test
    void keysOfListsAreKnown() {
        Schema pod = schemas.of(new Gvk("", "v1", "Pod")).orElseThrow();
        Schema spec = pod.property("spec").orElseThrow();
        Schema ports = spec.property("containers")
                .flatMap(Schema::items)
                .flatMap(container -> container.property("ports"))
                .orElseThrow();
        assertThat(ports.listType()).isEqualTo(Schema.ListType.MAP);
        assertThat(ports.listMapKeys()).containsExactly("containerPort", "protocol");
        assertThat(ports.patchMergeKey()).isEqualTo("containerPort");
        assertThat(ports.items().flatMap(port -> port.property("protocol")).flatMap(Schema::defaultValue))
                .hasValueSatisfying(value -> assertThat(value.asText()).isEqualTo("TCP"));
        Schema volumes = spec.property("volumes").orElseThrow();
        assertThat(volumes.patchStrategies()).containsExactlyInAnyOrder("merge", "retainKeys");
        assertThat(spec.property("nodeSelector").orElseThrow().mapType()).isEqualTo(Schema.MapType.ATOMIC);
        assertThat(spec.property("tolerations").orElseThrow().listType()).isEqualTo(Schema.ListType.ATOMIC);
    }

    @Test
    void aTypeMayContainItself() {
        Schema schema = schemas.definition("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps")
                .orElseThrow();
        Schema inner = schema.property("properties")
                .flatMap(Schema::additionalProperties)
                .orElseThrow();
        assertThat(inner.definition()).isEqualTo(schema.definition());
        assertThat(inner.property("properties")).isPresent();
    }

    /** Controllers write what the fabric8 model has; the server must not drop any of it. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                Pod.class,
                Service.class,
                Node.class,
                PersistentVolume.class,
                PersistentVolumeClaim.class,
                Deployment.class,
                DaemonSet.class,
                StatefulSet.class,
                CronJob.class,
                Lease.class,
                EndpointSlice.class
            })
    void knowsEveryFieldOfTheModel(Class<? extends HasMetadata> model) {
        Schema schema = schemas.of(Gvk.of(HasMetadata.getApiVersion(model), HasMetadata.getKind(model)))
                .orElseThrow();
        List<String> missing = new ArrayList<>();
        compare(model, schema, model.getSimpleName(), missing, new HashSet<>());
        assertThat(missing).isEmpty();
    }

    private static void compare(Type type, Schema schema, String path, List<String> missing, Set<String> seen) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            schema.items()
                    .or(schema::additionalProperties)
                    .ifPresent(inner -> compare(last, inner, path + "[]", missing, seen));
            return;
        }
        if (!(type instanceof Class<?> model)
                || !model.getName().startsWith("io.fabric8")
                || schema.type() != Schema.Type.OBJECT
                || schema.preserveUnknownFields()
                || !seen.add(model.getName())) {
            return;
        }
        for (Field field : model.getDeclaredFields()) {
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            if (property != null) {
                schema.property(property.value())
                        .ifPresentOrElse(
                                child -> compare(
                                        field.getGenericType(), child, path + "." + property.value(), missing, seen),
                                () -> missing.add(path + "." + property.value()));
            }
        }
    }
}
