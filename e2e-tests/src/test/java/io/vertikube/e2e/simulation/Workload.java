package io.vertikube.e2e.simulation;

/**
 * Something that makes pods, as a plan knows it. Immutable.
 *
 * @param replicas how many pods, for a job how many completions; a daemon set does not care
 * @param cpuMillis what each pod asks for
 * @param version of the template; another one rolls it
 * @param claims whether each pod of a stateful set has a volume of its own
 * @param budget how many of its pods a budget wants healthy, 0 for no budget
 */
record Workload(
        Kind kind,
        String namespace,
        String name,
        int replicas,
        int cpuMillis,
        int version,
        int budget,
        boolean claims) {

    private static final String CLAIMS =
            "\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Delete\",\"whenScaled\":\"Delete\"},"
                    + "\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"data\"},\"spec\":{\"accessModes\":"
                    + "[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}],";
    private static final String MOUNTS = ",\"volumeMounts\":[{\"name\":\"data\",\"mountPath\":\"/data\"}]";

    /** What makes the pods. */
    enum Kind {
        DEPLOYMENT("apps/v1", "Deployment", "deployments"),
        STATEFUL_SET("apps/v1", "StatefulSet", "statefulsets"),
        DAEMON_SET("apps/v1", "DaemonSet", "daemonsets"),
        JOB("batch/v1", "Job", "jobs");

        private final String version;
        private final String word;
        private final String plural;

        Kind(String version, String word, String plural) {
            this.version = version;
            this.word = word;
            this.plural = plural;
        }

        String plural() {
            return plural;
        }
    }

    Workload scaled(int other) {
        return new Workload(kind, namespace, name, other, cpuMillis, version, budget, claims);
    }

    Workload rolled() {
        return new Workload(kind, namespace, name, replicas, cpuMillis, version + 1, budget, claims);
    }

    /** Where objects of its kind are created. */
    String collection() {
        return "/apis/" + kind.version + "/namespaces/" + namespace + "/" + kind.plural;
    }

    String path() {
        return collection() + "/" + name;
    }

    String json() {
        String spec =
                switch (kind) {
                    case DEPLOYMENT -> "\"replicas\":" + replicas + "," + selector() + "," + template("Always", "");
                    case STATEFUL_SET ->
                        "\"replicas\":" + replicas + ",\"serviceName\":\"" + name + "\"," + (claims ? CLAIMS : "")
                                + selector() + ","
                                + template("Always", "");
                    case DAEMON_SET -> selector() + "," + template("Always", "");
                    case JOB ->
                        "\"completions\":" + replicas + ",\"parallelism\":" + Math.max(1, replicas / 2)
                                + ",\"backoffLimit\":1000,"
                                + template(
                                        "Never",
                                        "\"" + PodRunner.RUNS_FOR + "\":\"" + (5 + version * 7 % 60) + "\",\""
                                                + PodRunner.FAILS + "\":\"15\"");
                };
        return "{\"apiVersion\":\"" + kind.version + "\",\"kind\":\"" + kind.word + "\",\"metadata\":{\"name\":\""
                + name + "\"},\"spec\":{" + spec + "}}";
    }

    /** The merge patch that makes what stands in the cluster into this. */
    String patch() {
        return kind == Kind.JOB
                ? "{}"
                : "{\"spec\":{" + (kind == Kind.DAEMON_SET ? "" : "\"replicas\":" + replicas + ",")
                        + template("Always", "") + "}}";
    }

    String budgetJson() {
        return "{\"apiVersion\":\"policy/v1\",\"kind\":\"PodDisruptionBudget\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"minAvailable\":" + budget + "," + selector() + "}}";
    }

    private String selector() {
        return "\"selector\":{\"matchLabels\":{\"app\":\"" + name + "\"}}";
    }

    private String template(String restart, String annotations) {
        return "\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name + "\"},\"annotations\":{" + annotations
                + "}},\"spec\":{\"restartPolicy\":\"" + restart
                + "\",\"terminationGracePeriodSeconds\":5,\"containers\":[{\"name\":\"main\",\"image\":\"main:"
                + version
                + "\",\"resources\":{\"requests\":{\"cpu\":\"" + cpuMillis + "m\",\"memory\":\"64Mi\"}}"
                + (claims ? MOUNTS : "") + "}]}}";
    }

    @Override
    public String toString() {
        return kind.word + " " + namespace + "/" + name + " (" + replicas + " × " + cpuMillis + "m, version " + version
                + (budget > 0 ? ", budget " + budget : "") + (claims ? ", with claims" : "") + ")";
    }
}
