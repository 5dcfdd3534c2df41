package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the rules at one place of a schema may speak of; rules at the same place share it. Confined to one compilation. */
final class RuleScope {

    private final CelSchema self;
    private final CelEngine engine;
    private CelEngine.@Nullable Environment plain;
    private CelEngine.@Nullable Environment optional;

    RuleScope(CelSchema self, CelEngine engine) {
        this.self = self;
        this.engine = engine;
    }

    /** @param optionalOldSelf whether rules are asked even if nothing was there before */
    CelEngine.Environment environment(boolean optionalOldSelf) {
        CelEngine.@Nullable Environment known = optionalOldSelf ? optional : plain;
        if (known != null) {
            return known;
        }
        Map<String, CelType> types = new HashMap<>();
        self.collect(types);
        CelType old = optionalOldSelf ? OptionalType.create(self.type) : self.type;
        CelEngine.Environment made = engine.environment(Map.of("self", self.type, "oldSelf", old), types);
        if (optionalOldSelf) {
            optional = made;
        } else {
            plain = made;
        }
        return made;
    }
}
