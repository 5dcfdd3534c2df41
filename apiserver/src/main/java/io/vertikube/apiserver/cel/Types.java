package io.vertikube.apiserver.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.StructType;
import io.vertikube.apiserver.format.Addresses;
import io.vertikube.apiserver.format.IpAddress;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The types that Kubernetes adds, and the classes of their values. Immutable. */
final class Types {

    static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    static final OpaqueType URL = OpaqueType.create("kubernetes.URL");
    static final OpaqueType IP = OpaqueType.create("net.IP");
    static final OpaqueType CIDR = OpaqueType.create("net.CIDR");
    static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
    static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final OpaqueType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    static final OpaqueType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    static final OpaqueType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");
    static final OpaqueType SEMVER = OpaqueType.create("kubernetes.Semver");

    /** A format by its name. */
    record NamedFormat(String name) {}

    private static final Map<String, Class<?>> CLASSES = Map.of(
            QUANTITY.name(), BigDecimal.class,
            URL.name(), URI.class,
            IP.name(), IpAddress.class,
            CIDR.name(), Addresses.Range.class,
            FORMAT.name(), NamedFormat.class,
            SEMVER.name(), Semver.class);

    private Types() {}

    /** An object type with these fields. */
    static StructType struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
        return StructType.create(name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
    }

    static Class<?> javaClass(CelType type) {
        return Optional.<Class<?>>ofNullable(CLASSES.get(type.name())).orElse(Object.class);
    }
}
