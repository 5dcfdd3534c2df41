package io.vertikube.apiserver.build;

import com.google.gson.annotations.SerializedName;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The model classes of Kubernetes' own Java client, which carry each field's JSON name, type, description and whether it
 * is required. Confined to the build.
 */
final class ModelTypes {

    private static final String MODELS = "io/kubernetes/client/openapi/models/";

    /** A field as the model has it; the type is a generic Java type. */
    record Property(String name, java.lang.reflect.Type type, String description, boolean required) {}

    private final Map<String, Class<?>> byDefinition = new TreeMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    static ModelTypes read(TypeNames typeNames) throws Exception {
        var types = new ModelTypes();
        Class<?> anyModel = Class.forName("io.kubernetes.client.openapi.models.V1Pod");
        var jar = anyModel.getProtectionDomain().getCodeSource().getLocation();
        try (var file = new JarFile(jar.getPath())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                String path = entry.getName();
                if (!path.startsWith(MODELS) || !path.endsWith(".class") || path.contains("$")) {
                    continue;
                }
                String simple = path.substring(MODELS.length(), path.length() - ".class".length());
                if (!simple.matches("([A-Z][a-z]+)?V[0-9][A-Z].*")) {
                    continue;
                }
                Class<?> model = Class.forName(
                        path.substring(0, path.length() - ".class".length()).replace('/', '.'),
                        false,
                        anyModel.getClassLoader());
                types.add(typeNames.ofClass(simple), model);
            }
        }
        return types;
    }

    private void add(String definition, Class<?> model) {
        Class<?> other = byDefinition.put(definition, model);
        if (other != null) {
            throw new IllegalStateException(definition + " is both " + other + " and " + model);
        }
        names.put(model, definition);
    }

    List<String> definitions() {
        return List.copyOf(byDefinition.keySet());
    }

    boolean has(String definition) {
        return byDefinition.containsKey(definition);
    }

    /** The name of a model class that a field refers to. */
    String nameOf(Class<?> model) {
        String name = names.get(model);
        if (name == null) {
            throw new IllegalArgumentException("no definition for " + model);
        }
        return name;
    }

    boolean isModel(Class<?> type) {
        return names.containsKey(type);
    }

    String description(String definition) {
        ApiModel text = byDefinition.get(definition).getAnnotation(ApiModel.class);
        return text == null ? "" : text.description();
    }

    /** Fields in the order of their names. */
    List<Property> properties(String definition) {
        Class<?> model = byDefinition.get(definition);
        Map<String, Method> getters = new HashMap<>();
        for (Method method : model.getMethods()) {
            if (method.getParameterCount() == 0 && method.isAnnotationPresent(ApiModelProperty.class)) {
                getters.put(method.getName().toLowerCase(java.util.Locale.ROOT), method);
            }
        }
        var properties = new ArrayList<Property>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name == null || Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            String plain = field.getName().replace("_", "").toLowerCase(java.util.Locale.ROOT);
            Method getter = getters.getOrDefault("get" + plain, getters.get("is" + plain));
            if (getter == null) {
                throw new IllegalStateException("no getter for " + field);
            }
            ApiModelProperty facts = getter.getAnnotation(ApiModelProperty.class);
            properties.add(new Property(name.value(), field.getGenericType(), facts.value(), facts.required()));
        }
        properties.sort(java.util.Comparator.comparing(Property::name));
        return properties;
    }
}
