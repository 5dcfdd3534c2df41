package io.vertikube.apiserver.admission;

import io.vertikube.apiserver.storage.ObjectStorage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The plugins in the order in which they are asked ("Admission Controllers Reference" in the Kubernetes documentation). A
 * new plugin is a file, a name in the order and a row.
 */
public final class AdmissionPlugins {

    /** Every name that flags may use, in order. */
    static final List<String> ORDER = List.of(
            "AlwaysAdmit",
            NamespaceProvision.AUTO,
            "NamespaceLifecycle",
            NamespaceProvision.EXISTS,
            LimitPodHardAntiAffinityTopology.NAME,
            "LimitRanger",
            "ServiceAccount",
            "NodeRestriction",
            "TaintNodesByCondition",
            AlwaysPullImages.NAME,
            PodSecurityAdmission.NAME,
            PodNodeSelector.NAME,
            "Priority",
            "DefaultTolerationSeconds",
            PodTolerationRestriction.NAME,
            ExtendedResourceToleration.NAME,
            "DefaultStorageClass",
            "StorageObjectInUseProtection",
            "OwnerReferencesPermissionEnforcement",
            "PersistentVolumeClaimResize",
            "RuntimeClass",
            "CertificateApproval",
            "CertificateSigning",
            "CertificateSubjectRestriction",
            "DefaultIngressClass",
            DenyServiceExternalIps.NAME,
            "MutatingAdmissionPolicy",
            "MutatingAdmissionWebhook",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionWebhook",
            "ResourceQuota",
            AlwaysDeny.NAME);

    /** Those that run only when they are turned on. AlwaysAdmit means nothing, whatever is said of it. */
    static final Set<String> OFF_BY_DEFAULT = Set.of(
            "AlwaysAdmit",
            NamespaceProvision.AUTO,
            NamespaceProvision.EXISTS,
            LimitPodHardAntiAffinityTopology.NAME,
            AlwaysPullImages.NAME,
            PodNodeSelector.NAME,
            PodTolerationRestriction.NAME,
            ExtendedResourceToleration.NAME,
            "OwnerReferencesPermissionEnforcement",
            DenyServiceExternalIps.NAME,
            AlwaysDeny.NAME);

    private AdmissionPlugins() {}

    /** What runs when nothing is said. */
    public static AdmissionChain standard(
            ObjectStorage storage, RandomGenerator random, List<AdmissionPlugin> more, ServiceAddresses addresses) {
        return chosen(storage, random, more, addresses, AdmissionChoice.DEFAULT);
    }

    /**
     * @param more plugins that other packages bring (RBAC escalation, webhooks); those without a name of the order run
     *     after the others, before what costs something durable
     * @param addresses allocation of Service addresses, always on, before quota
     */
    public static AdmissionChain chosen(
            ObjectStorage storage,
            RandomGenerator random,
            List<AdmissionPlugin> more,
            ServiceAddresses addresses,
            AdmissionChoice choice) {
        Map<String, AdmissionPlugin> known = new HashMap<>();
        for (AdmissionPlugin plugin : own(storage, random)) {
            known.put(plugin.name(), plugin);
        }
        var unnamed = new ArrayList<AdmissionPlugin>();
        unnamed.add(new CertificateRequester());
        for (AdmissionPlugin plugin : more) {
            if (ORDER.contains(plugin.name())) {
                known.put(plugin.name(), plugin);
            } else {
                unnamed.add(plugin);
            }
        }
        var plugins = new ArrayList<AdmissionPlugin>();
        for (String name : ORDER) {
            if (name.equals("ResourceQuota")) {
                plugins.addAll(unnamed);
                plugins.add(addresses);
            }
            AdmissionPlugin plugin = known.get(name);
            if (plugin != null && choice.runs(name)) {
                plugins.add(plugin);
            }
        }
        return new AdmissionChain(plugins);
    }

    private static List<AdmissionPlugin> own(ObjectStorage storage, RandomGenerator random) {
        return List.of(
                new NamespaceProvision(NamespaceProvision.AUTO, storage),
                new NamespaceLifecycle(storage),
                new NamespaceProvision(NamespaceProvision.EXISTS, storage),
                new LimitPodHardAntiAffinityTopology(),
                new LimitRanger(storage),
                new ServiceAccountAdmission(storage, random),
                new NodeRestriction(storage),
                new NodeAdmission(),
                new AlwaysPullImages(),
                new PodSecurityAdmission(storage),
                new PodNodeSelector(storage),
                new PriorityAdmission(storage),
                new DefaultTolerationSeconds(),
                new PodTolerationRestriction(storage),
                new ExtendedResourceToleration(),
                new DefaultStorageClass(storage),
                new StorageObjectInUseProtection(),
                new PersistentVolumeClaimResize(storage),
                new RuntimeClassAdmission(storage),
                new CertificateSubjectRestriction(),
                new DefaultIngressClass(storage),
                new DenyServiceExternalIps(),
                new ResourceQuotaAdmission(storage),
                new AlwaysDeny());
    }
}
