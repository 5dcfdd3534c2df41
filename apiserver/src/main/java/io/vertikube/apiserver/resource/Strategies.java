package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.admissionregistration.AdmissionPolicyStrategy;
import io.vertikube.apiserver.resource.admissionregistration.PolicyBindingStrategy;
import io.vertikube.apiserver.resource.admissionregistration.WebhookConfigurationStrategy;
import io.vertikube.apiserver.resource.apiextensions.DefinitionStrategy;
import io.vertikube.apiserver.resource.apps.ControllerRevisionStrategy;
import io.vertikube.apiserver.resource.apps.DaemonSetStrategy;
import io.vertikube.apiserver.resource.apps.DeploymentStrategy;
import io.vertikube.apiserver.resource.apps.ReplicaSetStrategy;
import io.vertikube.apiserver.resource.apps.ReplicationControllerStrategy;
import io.vertikube.apiserver.resource.apps.StatefulSetStrategy;
import io.vertikube.apiserver.resource.autoscaling.AutoscalerStrategy;
import io.vertikube.apiserver.resource.batch.CronJobStrategy;
import io.vertikube.apiserver.resource.batch.JobStrategy;
import io.vertikube.apiserver.resource.certificates.CertificateRequestStrategy;
import io.vertikube.apiserver.resource.coordination.LeaseStrategy;
import io.vertikube.apiserver.resource.core.ClaimStrategy;
import io.vertikube.apiserver.resource.core.ComponentStatusStrategy;
import io.vertikube.apiserver.resource.core.ConfigMapStrategy;
import io.vertikube.apiserver.resource.core.EndpointsStrategy;
import io.vertikube.apiserver.resource.core.LimitRangeStrategy;
import io.vertikube.apiserver.resource.core.NamespaceStrategy;
import io.vertikube.apiserver.resource.core.NodeStrategy;
import io.vertikube.apiserver.resource.core.PodTemplateStrategy;
import io.vertikube.apiserver.resource.core.ResourceQuotaStrategy;
import io.vertikube.apiserver.resource.core.SecretStrategy;
import io.vertikube.apiserver.resource.core.ServiceAccountStrategy;
import io.vertikube.apiserver.resource.core.ServiceStrategy;
import io.vertikube.apiserver.resource.core.VolumeStrategy;
import io.vertikube.apiserver.resource.core.pod.PodStrategy;
import io.vertikube.apiserver.resource.devices.DeviceClassStrategy;
import io.vertikube.apiserver.resource.devices.ResourceClaimStrategy;
import io.vertikube.apiserver.resource.devices.ResourceClaimTemplateStrategy;
import io.vertikube.apiserver.resource.devices.ResourceSliceStrategy;
import io.vertikube.apiserver.resource.discovery.EndpointSliceStrategy;
import io.vertikube.apiserver.resource.events.EventStrategy;
import io.vertikube.apiserver.resource.flowcontrol.FlowSchemaStrategy;
import io.vertikube.apiserver.resource.flowcontrol.PriorityLevelStrategy;
import io.vertikube.apiserver.resource.networking.AddressStrategy;
import io.vertikube.apiserver.resource.networking.IngressClassStrategy;
import io.vertikube.apiserver.resource.networking.IngressStrategy;
import io.vertikube.apiserver.resource.networking.NetworkPolicyStrategy;
import io.vertikube.apiserver.resource.networking.ServiceRangeStrategy;
import io.vertikube.apiserver.resource.node.RuntimeClassStrategy;
import io.vertikube.apiserver.resource.policy.DisruptionBudgetStrategy;
import io.vertikube.apiserver.resource.rbac.BindingStrategy;
import io.vertikube.apiserver.resource.rbac.RoleStrategy;
import io.vertikube.apiserver.resource.scheduling.PriorityClassStrategy;
import io.vertikube.apiserver.resource.storage.CsiDriverStrategy;
import io.vertikube.apiserver.resource.storage.CsiNodeStrategy;
import io.vertikube.apiserver.resource.storage.StorageCapacityStrategy;
import io.vertikube.apiserver.resource.storage.StorageClassStrategy;
import io.vertikube.apiserver.resource.storage.VolumeAttachmentStrategy;
import io.vertikube.apiserver.resource.storage.VolumeAttributesClassStrategy;
import io.vertikube.catalog.ResourceType;
import java.util.Set;
import java.util.function.Supplier;

/** Which rules a resource has. Pure; what is not named here gets what holds for every kind. */
public final class Strategies {

    private static final Strategy PLAIN = new Strategy() {};

    /** Built-in kinds that count their generation; those that a definition adds always do. */
    private static final Set<String> COUNTING = Set.of(
            "pods.",
            "replicationcontrollers.",
            "deployments.apps",
            "replicasets.apps",
            "daemonsets.apps",
            "statefulsets.apps",
            "jobs.batch",
            "cronjobs.batch",
            "poddisruptionbudgets.policy",
            "priorityclasses.scheduling.k8s.io",
            "ingresses.networking.k8s.io",
            "ingressclasses.networking.k8s.io",
            "networkpolicies.networking.k8s.io",
            "endpointslices.discovery.k8s.io",
            "csistoragecapacities.storage.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "deviceclasses.resource.k8s.io",
            "resourceslices.resource.k8s.io");

    private Strategies() {}

    /** The rules of a resource, with those of object metadata around them. */
    public static Strategy of(ResourceType type) {
        return of(type, new Once<>(() -> new CelEngine(CelLimits.DEFAULT)));
    }

    /**
     * The same, with the engine that compiles what expressions an object brings.
     *
     * @param engine asked when the first expression comes
     */
    static Strategy of(ResourceType type, Supplier<CelEngine> engine) {
        boolean counts = COUNTING.contains(type.plural() + "." + type.group());
        return new WithMetadata(type, kind(type, engine), counts);
    }

    /** Rules that come with a definition, with those of object metadata around them. */
    public static Strategy around(ResourceType type, Strategy kind) {
        return new WithMetadata(type, kind, true);
    }

    private static Strategy kind(ResourceType type, Supplier<CelEngine> engine) {
        return switch (type.plural() + "." + type.group()) {
            case "pods." -> new PodStrategy();
            case "podtemplates." -> new PodTemplateStrategy();
            case "replicationcontrollers." -> new ReplicationControllerStrategy();
            case "services." -> new ServiceStrategy();
            case "componentstatuses." -> new ComponentStatusStrategy();
            case "endpoints." -> new EndpointsStrategy();
            case "configmaps." -> new ConfigMapStrategy();
            case "secrets." -> new SecretStrategy();
            case "namespaces." -> new NamespaceStrategy();
            case "nodes." -> new NodeStrategy();
            case "persistentvolumes." -> new VolumeStrategy();
            case "persistentvolumeclaims." -> new ClaimStrategy();
            case "serviceaccounts." -> new ServiceAccountStrategy();
            case "limitranges." -> new LimitRangeStrategy();
            case "resourcequotas." -> new ResourceQuotaStrategy();
            case "events." -> new EventStrategy(true);
            case "events.events.k8s.io" -> new EventStrategy(false);
            case "deployments.apps" -> new DeploymentStrategy();
            case "replicasets.apps" -> new ReplicaSetStrategy();
            case "daemonsets.apps" -> new DaemonSetStrategy();
            case "statefulsets.apps" -> new StatefulSetStrategy();
            case "controllerrevisions.apps" -> new ControllerRevisionStrategy();
            case "jobs.batch" -> new JobStrategy();
            case "cronjobs.batch" -> new CronJobStrategy();
            case "horizontalpodautoscalers.autoscaling" -> new AutoscalerStrategy();
            case "poddisruptionbudgets.policy" -> new DisruptionBudgetStrategy();
            case "roles.rbac.authorization.k8s.io" -> new RoleStrategy(false);
            case "clusterroles.rbac.authorization.k8s.io" -> new RoleStrategy(true);
            case "rolebindings.rbac.authorization.k8s.io" -> new BindingStrategy(false);
            case "clusterrolebindings.rbac.authorization.k8s.io" -> new BindingStrategy(true);
            case "ingresses.networking.k8s.io" -> new IngressStrategy();
            case "networkpolicies.networking.k8s.io" -> new NetworkPolicyStrategy();
            case "servicecidrs.networking.k8s.io" -> new ServiceRangeStrategy();
            case "ipaddresses.networking.k8s.io" -> new AddressStrategy();
            case "priorityclasses.scheduling.k8s.io" -> new PriorityClassStrategy();
            case "storageclasses.storage.k8s.io" -> new StorageClassStrategy();
            case "leases.coordination.k8s.io" -> new LeaseStrategy();
            case "endpointslices.discovery.k8s.io" -> new EndpointSliceStrategy();
            case "certificatesigningrequests.certificates.k8s.io" -> new CertificateRequestStrategy();
            case "customresourcedefinitions.apiextensions.k8s.io" -> new DefinitionStrategy(engine);
            case "runtimeclasses.node.k8s.io" -> new RuntimeClassStrategy();
            case "ingressclasses.networking.k8s.io" -> new IngressClassStrategy();
            case "csidrivers.storage.k8s.io" -> new CsiDriverStrategy();
            case "csinodes.storage.k8s.io" -> new CsiNodeStrategy();
            case "csistoragecapacities.storage.k8s.io" -> new StorageCapacityStrategy();
            case "volumeattachments.storage.k8s.io" -> new VolumeAttachmentStrategy();
            case "volumeattributesclasses.storage.k8s.io" -> new VolumeAttributesClassStrategy();
            case "flowschemas.flowcontrol.apiserver.k8s.io" -> new FlowSchemaStrategy();
            case "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io" -> new PriorityLevelStrategy();
            case "mutatingwebhookconfigurations.admissionregistration.k8s.io" ->
                new WebhookConfigurationStrategy(true, engine);
            case "validatingwebhookconfigurations.admissionregistration.k8s.io" ->
                new WebhookConfigurationStrategy(false, engine);
            case "mutatingadmissionpolicies.admissionregistration.k8s.io" -> new AdmissionPolicyStrategy(true, engine);
            case "validatingadmissionpolicies.admissionregistration.k8s.io" ->
                new AdmissionPolicyStrategy(false, engine);
            case "mutatingadmissionpolicybindings.admissionregistration.k8s.io" -> new PolicyBindingStrategy(true);
            case "validatingadmissionpolicybindings.admissionregistration.k8s.io" -> new PolicyBindingStrategy(false);
            case "deviceclasses.resource.k8s.io" -> new DeviceClassStrategy();
            case "resourceclaims.resource.k8s.io" -> new ResourceClaimStrategy();
            case "resourceclaimtemplates.resource.k8s.io" -> new ResourceClaimTemplateStrategy();
            case "resourceslices.resource.k8s.io" -> new ResourceSliceStrategy();
            default -> PLAIN;
        };
    }
}
