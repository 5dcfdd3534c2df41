package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import java.util.HashSet;
import java.util.List;

/** The rules of the ranges that Service addresses come from: they never change. Pure. */
public final class ServiceRangeStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode object) {
        var problems = new Problems();
        Place ranges = Place.root(object).get("spec", "cidrs");
        if (ranges.empty()) {
            problems.required(ranges, "at least one CIDR required");
        }
        if (ranges.items().size() > 2) {
            problems.invalid(ranges, "may only hold up to 2 values");
        }
        var families = new HashSet<Boolean>();
        for (Place range : ranges.items()) {
            try {
                if (!families.add(Cidr.parse(range.text()).isIpv6())) {
                    problems.invalid(ranges, "may specify no more than one IP for each IP family");
                }
            } catch (IllegalArgumentException e) {
                problems.invalid(range, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(
                Place.root(object).get("spec", "cidrs"), Place.root(old).get("spec", "cidrs"));
        return problems.list();
    }
}
