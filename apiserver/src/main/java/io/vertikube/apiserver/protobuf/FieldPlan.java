package io.vertikube.apiserver.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/**
 * How the fields of a message lie in a JSON object: most under their own name, a few under another, and some, which are
 * messages of their own on the wire, spread out into the object around them. Immutable.
 */
record FieldPlan(List<Named> named, List<Spread> spread, List<FieldDescriptor> unknown, List<Step> backwards) {

    /** What becomes of one field of the wire. */
    sealed interface Step {
        FieldDescriptor field();
    }

    /** A field of the wire and the field of the object that it is. */
    record Named(FieldDescriptor field, String name, Schema schema) implements Step {}

    /** A message whose fields lie in the object around it. */
    record Spread(FieldDescriptor field) implements Step {}

    static FieldPlan of(Descriptor message, Schema schema) {
        var named = new ArrayList<Named>();
        var spread = new ArrayList<Spread>();
        var unknown = new ArrayList<FieldDescriptor>();
        var names = new HashMap<String, String>();
        schema.properties().keySet().forEach(name -> names.put(plain(name), name));
        for (FieldDescriptor field : message.getFields()) {
            String name = names.get(plain(field.getName()));
            Schema own = name == null ? null : schema.properties().get(name);
            if (name != null && own != null) {
                named.add(new Named(field, name, own));
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated()) {
                spread.add(new Spread(field));
            } else {
                unknown.add(field);
            }
        }
        var backwards = new ArrayList<Step>(named);
        backwards.addAll(spread);
        backwards.sort(
                Comparator.comparingInt((Step step) -> step.field().getNumber()).reversed());
        return new FieldPlan(List.copyOf(named), List.copyOf(spread), List.copyOf(unknown), List.copyOf(backwards));
    }

    /** {@code x-kubernetes-list-type} and {@code $ref} are {@code xKubernetesListType} and {@code ref} on the wire. */
    private static String plain(String name) {
        return name.replace("-", "").replace("$", "").toLowerCase(Locale.ROOT);
    }
}
