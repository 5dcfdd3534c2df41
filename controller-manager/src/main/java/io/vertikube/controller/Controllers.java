package io.vertikube.controller;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.controller.attachdetach.AttachDetachReconciler;
import io.vertikube.controller.autoscaling.AutoscalerReconciler;
import io.vertikube.controller.bootstraptoken.TokenCleanerReconciler;
import io.vertikube.controller.bootstraptoken.TokenSignerReconciler;
import io.vertikube.controller.certificate.ApprovingReconciler;
import io.vertikube.controller.certificate.CleaningReconciler;
import io.vertikube.controller.certificate.SigningReconciler;
import io.vertikube.controller.clusterrole.AggregationReconciler;
import io.vertikube.controller.configrollout.ConfigRolloutController;
import io.vertikube.controller.cronjob.CronJobReconciler;
import io.vertikube.controller.daemonset.DaemonSetReconciler;
import io.vertikube.controller.deployment.DeploymentReconciler;
import io.vertikube.controller.disruption.DisruptionReconciler;
import io.vertikube.controller.endpoints.EndpointsReconciler;
import io.vertikube.controller.endpointslice.EndpointSliceReconciler;
import io.vertikube.controller.endpointslice.MirroringReconciler;
import io.vertikube.controller.ephemeral.EphemeralVolumeReconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.gc.GarbageCollector;
import io.vertikube.controller.ipam.NodeIpamReconciler;
import io.vertikube.controller.job.JobReconciler;
import io.vertikube.controller.job.TtlReconciler;
import io.vertikube.controller.loadbalancer.LoadBalancerReconciler;
import io.vertikube.controller.localpath.LocalPathReconciler;
import io.vertikube.controller.namespace.NamespaceReconciler;
import io.vertikube.controller.node.NodeLifecycleReconciler;
import io.vertikube.controller.persistentvolume.BinderController;
import io.vertikube.controller.podgc.PodGcReconciler;
import io.vertikube.controller.quota.QuotaReconciler;
import io.vertikube.controller.replicaset.ReplicaKind;
import io.vertikube.controller.replicaset.ReplicaSetReconciler;
import io.vertikube.controller.replication.ReplicationControllerKind;
import io.vertikube.controller.rootca.RootCaReconciler;
import io.vertikube.controller.serviceaccount.ServiceAccountReconciler;
import io.vertikube.controller.servicecidr.ServiceCidrReconciler;
import io.vertikube.controller.statefulset.StatefulSetReconciler;
import io.vertikube.controller.taint.TaintEvictionReconciler;
import io.vertikube.controller.ttl.NodeTtlReconciler;
import io.vertikube.controller.volumeprotection.ProtectionReconciler;
import io.vertikube.value.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * The table of all controllers, in the order in which they start. A new one is a row here. Immutable.
 *
 * @param name as Kubernetes names it, {@code …-controller}
 * @param alias its older, shorter name
 * @param workers how many of its objects are worked on at once
 * @param byDefault whether {@code *} means it too
 * @param factory makes it; empty where the options leave it nothing to do
 */
record Controllers(String name, String alias, int workers, boolean byDefault, Factory factory) {

    Controllers(String name, String alias, int workers, Factory factory) {
        this(name, alias, workers, true, factory);
    }

    /** Makes a controller, not started yet. */
    interface Factory {
        Optional<ManagedController> create(ControllerContext context, ControllerManagerOptions options, int workers);
    }

    /** Makes a controller that depends on no option but its number of workers. */
    private interface PlainFactory {
        ManagedController create(ControllerContext context, int workers);
    }

    /** Types whose shared informers run anyway, which the garbage collector listens to instead of watching them again. */
    private static final List<Class<? extends HasMetadata>> SHARED = List.of(
            Pod.class,
            ReplicaSet.class,
            Deployment.class,
            Service.class,
            Endpoints.class,
            EndpointSlice.class,
            ReplicationController.class,
            StatefulSet.class,
            DaemonSet.class,
            ControllerRevision.class,
            Job.class,
            CronJob.class,
            ServiceAccount.class,
            Namespace.class,
            Node.class,
            Lease.class,
            PodDisruptionBudget.class,
            ClusterRole.class,
            PersistentVolume.class,
            PersistentVolumeClaim.class,
            StorageClass.class,
            CSIDriver.class,
            VolumeAttachment.class,
            HorizontalPodAutoscaler.class,
            ResourceQuota.class,
            ServiceCIDR.class,
            IPAddress.class,
            CertificateSigningRequest.class);

    static List<Controllers> all() {
        return List.of(
                plain(
                        "serviceaccount-controller",
                        "serviceaccount",
                        1,
                        (context, workers) -> ServiceAccountReconciler.controller(context, workers)),
                new Controllers(
                        "root-ca-certificate-publisher-controller", "root-ca-cert-publisher", 1, Controllers::rootCa),
                new Controllers("node-ipam-controller", "nodeipam", 1, Controllers::nodeIpam),
                new Controllers("node-lifecycle-controller", "nodelifecycle", 8, Controllers::nodeLifecycle),
                plain(
                        "taint-eviction-controller",
                        "taint-eviction",
                        8,
                        (context, workers) -> TaintEvictionReconciler.controller(context, workers)),
                plain(
                        "replicaset-controller",
                        "replicaset",
                        5,
                        (context, workers) -> ReplicaSetReconciler.controller(
                                ReplicaKind.REPLICA_SET, "replicaset-controller", context, workers)),
                plain(
                        "deployment-controller",
                        "deployment",
                        5,
                        (context, workers) -> DeploymentReconciler.controller(context, workers)),
                plain(
                        "endpoints-controller",
                        "endpoint",
                        5,
                        (context, workers) -> EndpointsReconciler.controller(context, workers)),
                plain(
                        "endpointslice-controller",
                        "endpointslice",
                        5,
                        (context, workers) -> EndpointSliceReconciler.controller(context, workers)),
                new Controllers(
                        "endpointslice-mirroring-controller", "endpointslicemirroring", 5, Controllers::mirroring),
                new Controllers("service-lb-controller", "service-lb", 1, Controllers::loadBalancer),
                plain(
                        "replicationcontroller-controller",
                        "replicationcontroller",
                        5,
                        (context, workers) -> ReplicaSetReconciler.controller(
                                new ReplicationControllerKind(), "replication-controller", context, workers)),
                plain(
                        "statefulset-controller",
                        "statefulset",
                        5,
                        (context, workers) -> StatefulSetReconciler.controller(context, workers)),
                plain(
                        "daemonset-controller",
                        "daemonset",
                        2,
                        (context, workers) -> DaemonSetReconciler.controller(context, workers)),
                plain("job-controller", "job", 5, (context, workers) -> JobReconciler.controller(context, workers)),
                plain(
                        "cronjob-controller",
                        "cronjob",
                        5,
                        (context, workers) -> CronJobReconciler.controller(context, workers)),
                plain(
                        "ttl-after-finished-controller",
                        "ttl-after-finished",
                        5,
                        (context, workers) -> TtlReconciler.controller(context, workers)),
                plain(
                        "disruption-controller",
                        "disruption",
                        1,
                        (context, workers) -> DisruptionReconciler.controller(context, workers)),
                new Controllers(
                        "horizontal-pod-autoscaler-controller", "horizontalpodautoscaling", 5, Controllers::autoscaler),
                plain(
                        "clusterrole-aggregation-controller",
                        "clusterrole-aggregation",
                        5,
                        (context, workers) -> AggregationReconciler.controller(context, workers)),
                plain(
                        "persistentvolume-binder-controller",
                        "persistentvolume-binder",
                        4,
                        (context, workers) -> BinderController.controller(context, workers)),
                plain(
                        "persistentvolume-attach-detach-controller",
                        "attachdetach",
                        4,
                        (context, workers) -> AttachDetachReconciler.controller(context, workers)),
                new Controllers(
                        "local-path-provisioner-controller", "local-path-provisioner", 2, Controllers::localPath),
                plain(
                        "ephemeral-volume-controller",
                        "ephemeral-volume",
                        5,
                        (context, workers) -> EphemeralVolumeReconciler.controller(context, workers)),
                plain(
                        "persistentvolumeclaim-protection-controller",
                        "pvc-protection",
                        1,
                        (context, workers) -> ProtectionReconciler.claims(context, workers)),
                plain(
                        "persistentvolume-protection-controller",
                        "pv-protection",
                        1,
                        (context, workers) -> ProtectionReconciler.volumes(context, workers)),
                plain(
                        "resourcequota-controller",
                        "resourcequota",
                        5,
                        (context, workers) -> QuotaReconciler.controller(context, workers)),
                plain(
                        "certificatesigningrequest-approving-controller",
                        "csrapproving",
                        1,
                        (context, workers) -> ApprovingReconciler.controller(context, workers)),
                new Controllers("certificatesigningrequest-signing-controller", "csrsigning", 2, Controllers::signing),
                plain(
                        "certificatesigningrequest-cleaner-controller",
                        "csrcleaner",
                        1,
                        (context, workers) -> CleaningReconciler.controller(context, workers)),
                new Controllers(
                        "bootstrap-signer-controller",
                        "bootstrapsigner",
                        1,
                        false,
                        (context, options, workers) -> Optional.of(TokenSignerReconciler.controller(context, workers))),
                new Controllers(
                        "token-cleaner-controller",
                        "tokencleaner",
                        1,
                        false,
                        (context, options, workers) ->
                                Optional.of(TokenCleanerReconciler.controller(context, workers))),
                plain(
                        "service-cidr-controller",
                        "servicecidr",
                        1,
                        (context, workers) -> ServiceCidrReconciler.controller(context, workers)),
                plain("ttl-controller", "ttl", 1, (context, workers) -> NodeTtlReconciler.controller(context, workers)),
                plain(
                        "config-rollout-controller",
                        "config-rollout",
                        1,
                        (context, workers) -> ConfigRolloutController.controller(context, workers)),
                plain(
                        "namespace-controller",
                        "namespace",
                        10,
                        (context, workers) -> NamespaceReconciler.controller(context, workers)),
                plain(
                        "garbage-collector-controller",
                        "garbagecollector",
                        20,
                        (context, workers) -> GarbageCollector.controller(context, workers, SHARED)),
                new Controllers("pod-garbage-collector-controller", "podgc", 1, Controllers::podGc));
    }

    private static Controllers plain(String name, String alias, int workers, PlainFactory factory) {
        return new Controllers(
                name, alias, workers, (context, options, count) -> Optional.of(factory.create(context, count)));
    }

    private static Optional<ManagedController> autoscaler(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(AutoscalerReconciler.controller(context, workers, options.autoscaling()));
    }

    private static Optional<ManagedController> rootCa(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.ofNullable(options.rootCaPem()).map(pem -> RootCaReconciler.controller(context, workers, pem));
    }

    private static Optional<ManagedController> nodeIpam(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        ControllerManagerOptions.NodeRanges ranges = options.nodeRanges();
        if (!ranges.allocate()) {
            return Optional.empty();
        }
        List<Cidr> cidrs = ranges.clusterCidrs().stream().map(Cidr::parse).toList();
        return Optional.of(NodeIpamReconciler.controller(context, cidrs, ranges.maskSizeIpv4(), ranges.maskSizeIpv6()));
    }

    private static Optional<ManagedController> nodeLifecycle(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(NodeLifecycleReconciler.controller(context, workers, options.nodeMonitor()));
    }

    private static Optional<ManagedController> mirroring(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(MirroringReconciler.controller(
                context, workers, options.services().mirroringMaxEndpointsPerSubset()));
    }

    private static Optional<ManagedController> loadBalancer(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(LoadBalancerReconciler.controller(
                context, workers, options.services().loadBalancerReservedPorts()));
    }

    private static Optional<ManagedController> localPath(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(LocalPathReconciler.controller(context, workers, options.localPathRoot()));
    }

    private static Optional<ManagedController> signing(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.ofNullable(options.signing())
                .map(with -> SigningReconciler.controller(
                        context, workers, with.certificatePem(), with.keyPem(), with.longest()));
    }

    private static Optional<ManagedController> podGc(
            ControllerContext context, ControllerManagerOptions options, int workers) {
        return Optional.of(PodGcReconciler.controller(context, options.terminatedPodGcThreshold()));
    }
}
