package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.EventRecorder;
import java.util.Optional;

/** Events about pods and their containers. Safe for any thread. */
public final class PodEvents {

    private final EventRecorder recorder;

    public PodEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** @param type Normal or Warning */
    public void record(Pod pod, String type, String reason, String message) {
        recorder.record(EventRecorder.reference(pod), type, reason, message);
    }

    public void normal(Pod pod, String reason, String message) {
        recorder.normal(pod, reason, message);
    }

    public void warning(Pod pod, String reason, String message) {
        recorder.warning(pod, reason, message);
    }

    public void normal(Pod pod, ContainerSpec container, String reason, String message) {
        recorder.record(about(pod, container), "Normal", reason, message);
    }

    public void warning(Pod pod, ContainerSpec container, String reason, String message) {
        recorder.record(about(pod, container), "Warning", reason, message);
    }

    /** About a container, or the pod as a whole. */
    void record(Pod pod, Optional<ContainerSpec> container, String type, String reason, String message) {
        ObjectReference reference =
                container.map(spec -> about(pod, spec)).orElseGet(() -> EventRecorder.reference(pod));
        recorder.record(reference, type, reason, message);
    }

    private static ObjectReference about(Pod pod, ContainerSpec container) {
        ObjectReference reference = EventRecorder.reference(pod);
        reference.setFieldPath(container.fieldPath());
        return reference;
    }
}
