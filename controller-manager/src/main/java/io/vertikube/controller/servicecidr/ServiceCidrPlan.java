package io.vertikube.controller.servicecidr;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The next write for one ServiceCIDR. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/network/extend-service-ip-ranges/">Extend Service IP Ranges</a>
 */
final class ServiceCidrPlan {
    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    static final String READY_MESSAGE = "Kubernetes Service CIDR is ready";
    static final String WAITING_MESSAGE =
            "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

    /** So long API servers may still give addresses of a range whose deletion they have not heard of. */
    static final Duration DELETION_GRACE = Duration.ofSeconds(10);

    /** What is to be done. */
    sealed interface Step {
        /** All is as it should be. */
        record Nothing() implements Step {}

        /** Guard it against vanishing while Services have addresses of it. */
        record Guard() implements Step {}

        /** Let it go. */
        record LetGo() implements Step {}

        /** Look again when API servers have heard of the deletion. */
        record Wait(Duration left) implements Step {}

        /** Tell whether addresses may be had of it. */
        record Tell(String status, String reason, String message) implements Step {}
    }

    private ServiceCidrPlan() {}

    /**
     * @param all every ServiceCIDR, this one too
     * @param addresses all addresses that are taken, whatever their range
     */
    static Step of(ServiceCIDR range, List<ServiceCIDR> all, List<String> addresses, Instant now) {
        boolean guarded = Fields.list(range.getMetadata().getFinalizers()).contains(FINALIZER);
        String leaves = range.getMetadata().getDeletionTimestamp();
        if (leaves == null) {
            if (!guarded) {
                return new Step.Guard();
            }
            return tell(range, "True", "", READY_MESSAGE);
        }
        if (!guarded) {
            return new Step.Nothing();
        }
        if (inUse(range, all, addresses)) {
            return tell(range, "False", "Terminating", WAITING_MESSAGE);
        }
        Duration left = Duration.between(now, Instant.parse(leaves).plus(DELETION_GRACE));
        return left.isPositive() ? new Step.Wait(left) : new Step.LetGo();
    }

    static List<Cidr> cidrs(ServiceCIDR range) {
        var cidrs = new ArrayList<Cidr>();
        if (range.getSpec() != null) {
            Fields.list(range.getSpec().getCidrs()).forEach(text -> cidrs.add(Cidr.parse(text)));
        }
        return cidrs;
    }

    /** Whether an address is taken that no other range holds which stays. */
    private static boolean inUse(ServiceCIDR range, List<ServiceCIDR> all, List<String> addresses) {
        List<Cidr> own = cidrs(range);
        List<Cidr> others = all.stream()
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null
                        && !other.getMetadata()
                                .getName()
                                .equals(range.getMetadata().getName()))
                .flatMap(other -> cidrs(other).stream())
                .toList();
        return addresses.stream()
                .anyMatch(address -> own.stream().anyMatch(cidr -> cidr.contains(address))
                        && others.stream().noneMatch(cidr -> cidr.contains(address)));
    }

    private static Step tell(ServiceCIDR range, String status, String reason, String message) {
        List<Condition> said = range.getStatus() == null
                ? List.of()
                : Fields.list(range.getStatus().getConditions());
        boolean stands = said.stream()
                .anyMatch(condition -> "Ready".equals(condition.getType())
                        && status.equals(condition.getStatus())
                        && message.equals(condition.getMessage()));
        return stands ? new Step.Nothing() : new Step.Tell(status, reason, message);
    }
}
