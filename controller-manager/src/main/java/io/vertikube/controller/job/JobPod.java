package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The pods of a Job: their labels, their index, and the finalizer that keeps them until they are counted. Pure. */
final class JobPod {
    static final Gvk KIND = new Gvk("batch", "v1", "Job");
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private JobPod() {}

    static boolean indexed(Job job) {
        return "Indexed".equals(job.getSpec().getCompletionMode());
    }

    static boolean counted(Pod pod) {
        return !Fields.list(pod.getMetadata().getFinalizers()).contains(FINALIZER);
    }

    /** The pod's completion index; absent when it has none. */
    static OptionalInt index(Pod pod) {
        return annotation(pod, INDEX);
    }

    /** How often its index had failed before this pod. */
    static int failuresBefore(Pod pod) {
        return annotation(pod, FAILURES).orElse(0);
    }

    static LabelSelector selector(Job job) {
        LabelSelector selector = job.getSpec().getSelector();
        return selector != null
                ? selector
                : new LabelSelectorBuilder()
                        .addToMatchLabels(CONTROLLER_UID, job.getMetadata().getUid())
                        .build();
    }

    static Pod create(Job job) {
        Pod pod = PodWrites.fromTemplate(job.getSpec().getTemplate(), job, KIND);
        return new PodBuilder(pod)
                .editMetadata()
                .withLabels(labels(job, pod))
                .withFinalizers(FINALIZER)
                .endMetadata()
                .build();
    }

    /** @param failures how often the index has failed already; written only where the Job limits that */
    static Pod create(Job job, int index, int failures) {
        String jobName = job.getMetadata().getName();
        Pod pod = create(job);
        Map<String, String> annotations =
                new HashMap<>(Fields.map(pod.getMetadata().getAnnotations()));
        annotations.put(INDEX, Integer.toString(index));
        if (job.getSpec().getBackoffLimitPerIndex() != null) {
            annotations.put(FAILURES, Integer.toString(failures));
        }
        PodSpec spec = pod.getSpec();
        return new PodBuilder(pod)
                .editMetadata()
                .withGenerateName(jobName + "-" + index + "-")
                .withAnnotations(annotations)
                .addToLabels(INDEX, Integer.toString(index))
                .endMetadata()
                .editSpec()
                .withHostname(jobName + "-" + index)
                .withContainers(told(spec.getContainers()))
                .withInitContainers(told(spec.getInitContainers()))
                .endSpec()
                .build();
    }

    private static Map<String, String> labels(Job job, Pod pod) {
        Map<String, String> labels = new HashMap<>(Fields.map(pod.getMetadata().getLabels()));
        labels.putIfAbsent(CONTROLLER_UID, job.getMetadata().getUid());
        labels.putIfAbsent("controller-uid", job.getMetadata().getUid());
        labels.putIfAbsent(JOB_NAME, job.getMetadata().getName());
        labels.putIfAbsent("job-name", job.getMetadata().getName());
        return labels;
    }

    /** Containers that learn their index from the environment. */
    private static List<Container> told(List<Container> containers) {
        var told = new ArrayList<Container>();
        for (Container container : Fields.list(containers)) {
            boolean knows = Fields.list(container.getEnv()).stream()
                    .anyMatch(env -> "JOB_COMPLETION_INDEX".equals(env.getName()));
            told.add(
                    knows
                            ? container
                            : new ContainerBuilder(container)
                                    .addToEnv(new EnvVarBuilder()
                                            .withName("JOB_COMPLETION_INDEX")
                                            .withNewValueFrom()
                                            .withNewFieldRef()
                                            .withFieldPath("metadata.annotations['" + INDEX + "']")
                                            .endFieldRef()
                                            .endValueFrom()
                                            .build())
                                    .build());
        }
        return told;
    }

    private static OptionalInt annotation(Pod pod, String name) {
        String text = Fields.map(pod.getMetadata().getAnnotations()).get(name);
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException notANumber) {
            return OptionalInt.empty();
        }
    }
}
