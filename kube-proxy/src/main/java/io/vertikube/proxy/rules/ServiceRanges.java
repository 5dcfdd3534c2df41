package io.vertikube.proxy.rules;

import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.vertikube.value.Cidr;
import java.util.ArrayList;
import java.util.List;

/** The ranges that ClusterIPs come from, none of which lies in another: nftables takes no overlapping ones. Pure. */
public final class ServiceRanges {

    private ServiceRanges() {}

    /**
     * The IPv4 ranges of the flag and of the ServiceCIDRs, also of those that are being deleted: Services may have addresses
     * of them still.
     */
    public static List<String> of(String flag, List<ServiceCIDR> objects) {
        var ranges = new ArrayList<Cidr>();
        add(ranges, flag);
        for (ServiceCIDR object : objects) {
            if (object.getSpec() != null && object.getSpec().getCidrs() != null) {
                object.getSpec().getCidrs().forEach(text -> add(ranges, text));
            }
        }
        return ranges.stream().map(Cidr::toString).sorted().toList();
    }

    private static void add(List<Cidr> ranges, String text) {
        Cidr range = Cidr.parse(text);
        if (!range.isIpv6() && ranges.stream().noneMatch(known -> known.covers(range))) {
            ranges.removeIf(range::covers);
            ranges.add(range);
        }
    }
}
