package io.vertikube.apiserver.cel;

import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One overload of a function: how it is declared and what it does. Immutable. */
record Function(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {

    /** What a function does with its arguments. */
    interface Body {

        Object apply(Object[] arguments) throws CelEvaluationException;
    }

    /** A function called by its name: {@code quantity("1Gi")}. */
    @SuppressWarnings("Immutable") // bodies hold nothing that changes
    static Function global(String name, String id, CelType result, List<CelType> arguments, Body body) {
        return new Function(
                name,
                CelOverloadDecl.newGlobalOverload(id, result, arguments),
                CelFunctionBinding.from(id, classes(arguments), body::apply));
    }

    /** A function called on its first argument: {@code list.isSorted()}. */
    @SuppressWarnings("Immutable") // bodies hold nothing that changes
    static Function member(String name, String id, CelType result, List<CelType> arguments, Body body) {
        return new Function(
                name,
                CelOverloadDecl.newMemberOverload(id, result, arguments),
                CelFunctionBinding.from(id, classes(arguments), body::apply));
    }

    private static List<Class<?>> classes(List<CelType> types) {
        List<Class<?>> classes = new ArrayList<>();
        types.forEach(type -> classes.add(javaClass(type)));
        return classes;
    }

    private static Class<?> javaClass(CelType type) {
        return switch (type) {
            case SimpleType simple ->
                switch (simple.kind()) {
                    case STRING -> String.class;
                    case INT -> Long.class;
                    case DOUBLE -> Double.class;
                    case BOOL -> Boolean.class;
                    case BYTES -> CelByteString.class;
                    default -> Object.class;
                };
            case ListType list -> List.class;
            case MapType map -> Map.class;
            case OptionalType optional -> Object.class;
            default -> Types.javaClass(type);
        };
    }
}
