package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of what a storage driver tells of itself. Pure. */
public final class CsiDriverStrategy implements Strategy {

    private static final long MAX_TOKEN_SECONDS = 1L << 32;

    @Override
    public List<FieldError> validate(ObjectNode driver) {
        var problems = new Problems();
        Place root = Place.root(driver);
        CommonRules.driverName(root.get("metadata", "name"), problems);
        Place spec = root.get("spec");
        for (String field : List.of("attachRequired", "podInfoOnMount", "storageCapacity", "fsGroupPolicy")) {
            if (!spec.has(field)) {
                problems.required(spec.get(field));
            }
        }
        problems.supportedIfAny(spec.get("fsGroupPolicy"), List.of("File", "None", "ReadWriteOnceWithFSType"));
        spec.items("volumeLifecycleModes")
                .forEach(mode -> problems.supported(mode, List.of("Ephemeral", "Persistent")));
        tokens(spec.get("tokenRequests"), problems);
        Place period = spec.get("nodeAllocatableUpdatePeriodSeconds");
        if (period.present() && period.number(0) < 10) {
            problems.invalid(period, "must be greater than or equal to 10 seconds");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode driver, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(driver));
        Place spec = Place.root(driver).get("spec");
        Place before = Place.root(old).get("spec");
        problems.immutable(spec.get("attachRequired"), before.get("attachRequired"));
        problems.immutable(spec.get("volumeLifecycleModes"), before.get("volumeLifecycleModes"));
        return problems.list();
    }

    private static void tokens(Place requests, Problems problems) {
        Set<String> audiences = new HashSet<>();
        for (Place request : requests.items()) {
            if (!audiences.add(request.text("audience"))) {
                problems.duplicate(request.get("audience"));
            }
            Place seconds = request.get("expirationSeconds");
            if (seconds.present() && seconds.number(0) < 600) {
                problems.invalid(seconds, "may not specify a duration less than 10 minutes");
            } else if (seconds.number(0) > MAX_TOKEN_SECONDS) {
                problems.invalid(seconds, "may not specify a duration larger than 2^32 seconds");
            }
        }
    }
}
