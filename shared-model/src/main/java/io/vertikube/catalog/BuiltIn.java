package io.vertikube.catalog;

import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The built-in rows ("API resources" of the Kubernetes API reference, version 1.36: all that is stable). A new built-in
 * kind is a line here. Pure.
 */
final class BuiltIn {

    private static final Set<String> ALL =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Set<String> CREATE = Set.of("create");
    private static final Set<String> READ_WRITE = Set.of("get", "patch", "update");
    private static final Set<String> CONNECT = Set.of("create", "get");
    private static final Set<String> PROXY = Set.of("create", "delete", "get", "patch", "update");
    private static final List<String> EVERYTHING = List.of("all");
    private static final List<String> EXTENSIONS = List.of("api-extensions");

    private final List<ResourceType> rows = new ArrayList<>();

    private BuiltIn() {}

    static List<ResourceType> rows() {
        var table = new BuiltIn();
        table.core();
        table.registrationAndApps();
        table.reviews();
        table.workAndPolicy();
        table.storageAndExtensions();
        table.schedulingAndNodes();
        return List.copyOf(table.rows);
    }

    private void core() {
        var core = new Group("", "v1");
        core.namespaced("Binding", "bindings").verbs(CREATE).add();
        core.cluster("ComponentStatus", "componentstatuses")
                .names("cs")
                .verbs(Set.of("get", "list"))
                .add();
        core.namespaced("ConfigMap", "configmaps").names("cm").add();
        core.namespaced("Endpoints", "endpoints")
                .singular("endpoints")
                .names("ep")
                .add();
        core.namespaced("Event", "events").names("ev").add();
        core.namespaced("LimitRange", "limitranges").names("limits").add();
        core.cluster("Namespace", "namespaces")
                .names("ns")
                .verbs(Set.of("create", "delete", "get", "list", "patch", "update", "watch"))
                .sub("finalize", Set.of("update"))
                .status()
                .add();
        core.cluster("Node", "nodes")
                .names("no")
                .sub("proxy", new Gvk("", "v1", "NodeProxyOptions"), PROXY)
                .status()
                .add();
        core.namespaced("PersistentVolumeClaim", "persistentvolumeclaims")
                .names("pvc")
                .status()
                .add();
        core.cluster("PersistentVolume", "persistentvolumes")
                .names("pv")
                .status()
                .add();
        core.namespaced("Pod", "pods")
                .names("po")
                .in(EVERYTHING)
                .sub("attach", new Gvk("", "v1", "PodAttachOptions"), CONNECT)
                .sub("binding", new Gvk("", "v1", "Binding"), CREATE)
                .sub("ephemeralcontainers", READ_WRITE)
                .sub("eviction", new Gvk("policy", "v1", "Eviction"), CREATE)
                .sub("exec", new Gvk("", "v1", "PodExecOptions"), CONNECT)
                .sub("log", Set.of("get"))
                .sub("portforward", new Gvk("", "v1", "PodPortForwardOptions"), CONNECT)
                .sub("proxy", new Gvk("", "v1", "PodProxyOptions"), PROXY)
                .sub("resize", READ_WRITE)
                .status()
                .add();
        core.namespaced("PodTemplate", "podtemplates").add();
        core.namespaced("ReplicationController", "replicationcontrollers")
                .names("rc")
                .in(EVERYTHING)
                .scale()
                .status()
                .add();
        core.namespaced("ResourceQuota", "resourcequotas")
                .names("quota")
                .status()
                .add();
        core.namespaced("Secret", "secrets").add();
        core.namespaced("ServiceAccount", "serviceaccounts")
                .names("sa")
                .sub("token", new Gvk("authentication.k8s.io", "v1", "TokenRequest"), CREATE)
                .add();
        core.namespaced("Service", "services")
                .names("svc")
                .in(EVERYTHING)
                .sub("proxy", new Gvk("", "v1", "ServiceProxyOptions"), PROXY)
                .status()
                .add();
    }

    private void registrationAndApps() {
        new Group("apiregistration.k8s.io", "v1")
                .cluster("APIService", "apiservices")
                .in(EXTENSIONS)
                .status()
                .add();
        var apps = new Group("apps", "v1");
        apps.namespaced("ControllerRevision", "controllerrevisions").add();
        apps.namespaced("DaemonSet", "daemonsets")
                .names("ds")
                .in(EVERYTHING)
                .status()
                .add();
        apps.namespaced("Deployment", "deployments")
                .names("deploy")
                .in(EVERYTHING)
                .scale()
                .status()
                .add();
        apps.namespaced("ReplicaSet", "replicasets")
                .names("rs")
                .in(EVERYTHING)
                .scale()
                .status()
                .add();
        apps.namespaced("StatefulSet", "statefulsets")
                .names("sts")
                .in(EVERYTHING)
                .scale()
                .status()
                .add();
        new Group("events.k8s.io", "v1")
                .namespaced("Event", "events")
                .names("ev")
                .add();
    }

    private void reviews() {
        var authentication = new Group("authentication.k8s.io", "v1");
        authentication
                .cluster("SelfSubjectReview", "selfsubjectreviews")
                .verbs(CREATE)
                .add();
        authentication.cluster("TokenReview", "tokenreviews").verbs(CREATE).add();
        var authorization = new Group("authorization.k8s.io", "v1");
        authorization
                .namespaced("LocalSubjectAccessReview", "localsubjectaccessreviews")
                .verbs(CREATE)
                .add();
        authorization
                .cluster("SelfSubjectAccessReview", "selfsubjectaccessreviews")
                .verbs(CREATE)
                .add();
        authorization
                .cluster("SelfSubjectRulesReview", "selfsubjectrulesreviews")
                .verbs(CREATE)
                .add();
        authorization
                .cluster("SubjectAccessReview", "subjectaccessreviews")
                .verbs(CREATE)
                .add();
    }

    private void workAndPolicy() {
        for (String version : List.of("v2", "v1")) {
            new Group("autoscaling", version)
                    .namespaced("HorizontalPodAutoscaler", "horizontalpodautoscalers")
                    .names("hpa")
                    .in(EVERYTHING)
                    .status()
                    .add();
        }
        var batch = new Group("batch", "v1");
        batch.namespaced("CronJob", "cronjobs")
                .names("cj")
                .in(EVERYTHING)
                .status()
                .add();
        batch.namespaced("Job", "jobs").in(EVERYTHING).status().add();
        new Group("certificates.k8s.io", "v1")
                .cluster("CertificateSigningRequest", "certificatesigningrequests")
                .names("csr")
                .sub("approval", READ_WRITE)
                .status()
                .add();
        var networking = new Group("networking.k8s.io", "v1");
        networking.cluster("IngressClass", "ingressclasses").add();
        networking.namespaced("Ingress", "ingresses").names("ing").status().add();
        networking.cluster("IPAddress", "ipaddresses").names("ip").add();
        networking
                .namespaced("NetworkPolicy", "networkpolicies")
                .names("netpol")
                .add();
        networking.cluster("ServiceCIDR", "servicecidrs").status().add();
        new Group("policy", "v1")
                .namespaced("PodDisruptionBudget", "poddisruptionbudgets")
                .names("pdb")
                .status()
                .add();
        var rbac = new Group("rbac.authorization.k8s.io", "v1");
        rbac.cluster("ClusterRoleBinding", "clusterrolebindings").add();
        rbac.cluster("ClusterRole", "clusterroles").add();
        rbac.namespaced("RoleBinding", "rolebindings").add();
        rbac.namespaced("Role", "roles").add();
    }

    private void storageAndExtensions() {
        var storage = new Group("storage.k8s.io", "v1");
        storage.cluster("CSIDriver", "csidrivers").add();
        storage.cluster("CSINode", "csinodes").add();
        storage.namespaced("CSIStorageCapacity", "csistoragecapacities").add();
        storage.cluster("StorageClass", "storageclasses").names("sc").add();
        storage.cluster("VolumeAttachment", "volumeattachments").status().add();
        storage.cluster("VolumeAttributesClass", "volumeattributesclasses")
                .names("vac")
                .add();
        var admission = new Group("admissionregistration.k8s.io", "v1");
        admission
                .cluster("MutatingAdmissionPolicy", "mutatingadmissionpolicies")
                .in(EXTENSIONS)
                .add();
        admission
                .cluster("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings")
                .in(EXTENSIONS)
                .add();
        admission
                .cluster("MutatingWebhookConfiguration", "mutatingwebhookconfigurations")
                .in(EXTENSIONS)
                .add();
        admission
                .cluster("ValidatingAdmissionPolicy", "validatingadmissionpolicies")
                .in(EXTENSIONS)
                .status()
                .add();
        admission
                .cluster("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings")
                .in(EXTENSIONS)
                .add();
        admission
                .cluster("ValidatingWebhookConfiguration", "validatingwebhookconfigurations")
                .in(EXTENSIONS)
                .add();
        new Group("apiextensions.k8s.io", "v1")
                .cluster("CustomResourceDefinition", "customresourcedefinitions")
                .names("crd", "crds")
                .in(EXTENSIONS)
                .status()
                .add();
    }

    private void schedulingAndNodes() {
        new Group("scheduling.k8s.io", "v1")
                .cluster("PriorityClass", "priorityclasses")
                .names("pc")
                .add();
        new Group("coordination.k8s.io", "v1").namespaced("Lease", "leases").add();
        new Group("node.k8s.io", "v1").cluster("RuntimeClass", "runtimeclasses").add();
        new Group("discovery.k8s.io", "v1")
                .namespaced("EndpointSlice", "endpointslices")
                .add();
        var resource = new Group("resource.k8s.io", "v1");
        resource.cluster("DeviceClass", "deviceclasses").add();
        resource.namespaced("ResourceClaim", "resourceclaims").status().add();
        resource.namespaced("ResourceClaimTemplate", "resourceclaimtemplates").add();
        resource.cluster("ResourceSlice", "resourceslices").add();
        var flow = new Group("flowcontrol.apiserver.k8s.io", "v1");
        flow.cluster("FlowSchema", "flowschemas").status().add();
        flow.cluster("PriorityLevelConfiguration", "prioritylevelconfigurations")
                .status()
                .add();
    }

    private final class Group {

        private final String group;
        private final String version;

        Group(String group, String version) {
            this.group = group;
            this.version = version;
        }

        Row namespaced(String kind, String plural) {
            return new Row(group, version, kind, plural, true);
        }

        Row cluster(String kind, String plural) {
            return new Row(group, version, kind, plural, false);
        }
    }

    private final class Row {

        private final Gvk kind;
        private final String plural;
        private final boolean namespaced;
        private String singular;
        private List<String> shortNames = List.of();
        private List<String> categories = List.of();
        private Set<String> verbs = ALL;
        private final List<Subresource> subresources = new ArrayList<>();

        Row(String group, String version, String kind, String plural, boolean namespaced) {
            this.kind = new Gvk(group, version, kind);
            this.plural = plural;
            this.namespaced = namespaced;
            this.singular = kind.toLowerCase(java.util.Locale.ROOT);
        }

        Row singular(String name) {
            singular = name;
            return this;
        }

        Row names(String... names) {
            shortNames = List.of(names);
            return this;
        }

        Row in(List<String> names) {
            categories = names;
            return this;
        }

        Row verbs(Set<String> those) {
            verbs = those;
            return this;
        }

        Row status() {
            return sub("status", READ_WRITE);
        }

        Row scale() {
            return sub("scale", new Gvk("autoscaling", "v1", "Scale"), READ_WRITE);
        }

        Row sub(String name, Set<String> subVerbs) {
            return sub(name, kind, subVerbs);
        }

        Row sub(String name, Gvk subKind, Set<String> subVerbs) {
            subresources.add(new Subresource(name, subKind, subVerbs));
            return this;
        }

        void add() {
            rows.add(new ResourceType(
                    kind.group(),
                    kind.version(),
                    kind.kind(),
                    plural,
                    singular,
                    shortNames,
                    namespaced,
                    verbs,
                    subresources,
                    categories));
        }
    }
}
