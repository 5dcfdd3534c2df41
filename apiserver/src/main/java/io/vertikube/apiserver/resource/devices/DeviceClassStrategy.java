package io.vertikube.apiserver.resource.devices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of device classes. Pure. */
public final class DeviceClassStrategy implements Strategy {

    private static final int MAX_CONFIG = 32;

    @Override
    public List<FieldError> validate(ObjectNode deviceClass) {
        var problems = new Problems();
        Place spec = Place.root(deviceClass).get("spec");
        DeviceRules.selectors(spec.get("selectors"), problems);
        CommonRules.maxItems(spec.get("config"), MAX_CONFIG, problems);
        spec.items("config").forEach(config -> DeviceRules.config(config, problems));
        problems.checkIfAny(spec.get("extendedResourceName"), Names::qualifiedName);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode deviceClass, ObjectNode old) {
        return validate(deviceClass);
    }
}
