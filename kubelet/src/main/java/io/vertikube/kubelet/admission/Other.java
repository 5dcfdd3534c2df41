package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Pod;

/** Another pod of the node, and what it takes. Immutable (the API object is shared and never changed). */
record Other(Pod pod, PodDemand demand) {}
