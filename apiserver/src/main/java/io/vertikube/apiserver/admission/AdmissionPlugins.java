package io.vertikube.apiserver.admission;

import io.vertikube.apiserver.storage.ObjectStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The plugins that are on by default, in their order. A new plugin is a file and a row here. */
public final class AdmissionPlugins {

    private AdmissionPlugins() {}

    /**
     * @param more plugins that other packages bring (RBAC escalation, webhooks), run after these and before what costs
     *     something durable
     * @param addresses allocation of Service addresses, always last
     */
    public static AdmissionChain standard(
            ObjectStorage storage, RandomGenerator random, List<AdmissionPlugin> more, ServiceAddresses addresses) {
        var plugins = new ArrayList<AdmissionPlugin>();
        plugins.add(new NamespaceLifecycle(storage));
        plugins.add(new LimitRanger(storage));
        plugins.add(new ServiceAccountAdmission(storage, random));
        plugins.add(new NodeRestriction(storage));
        plugins.add(new NodeAdmission());
        plugins.add(new PriorityAdmission(storage));
        plugins.add(new DefaultTolerationSeconds());
        plugins.add(new VolumeAdmission(storage));
        plugins.add(new RuntimeClassAdmission(storage));
        plugins.add(new CertificateAdmission());
        plugins.addAll(more);
        plugins.add(addresses);
        plugins.add(new ResourceQuotaAdmission(storage));
        return new AdmissionChain(plugins);
    }

    /** A plugin that is off by default, by the name that {@code --enable-admission-plugins} uses. */
    public static Optional<AdmissionPlugin> optional(String name) {
        return switch (name) {
            case DenyServiceExternalIps.NAME -> Optional.of(new DenyServiceExternalIps());
            case AlwaysPullImages.NAME -> Optional.of(new AlwaysPullImages());
            default -> Optional.empty();
        };
    }
}
