package io.vertikube.kubelet.runtime.cri;

import io.vertikube.kubelet.cri.v1.ListContainersRequest;
import io.vertikube.kubelet.cri.v1.ListPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.PodSandbox;
import io.vertikube.kubelet.cri.v1.RuntimeServiceGrpc;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.Sandbox;

/** The lists that are asked for again and again. Pure functions. */
final class CriLists {

    private CriLists() {}

    static KnownItems<ListPodSandboxRequest, Sandbox> sandboxes() {
        return new KnownItems<>(
                RuntimeServiceGrpc.getListPodSandboxMethod(),
                PodSandbox.STATE_FIELD_NUMBER,
                (list, from, length) -> FromCri.sandbox(PodSandbox.parser().parseFrom(list, from, length)));
    }

    static KnownItems<ListContainersRequest, Container> containers() {
        return new KnownItems<>(
                RuntimeServiceGrpc.getListContainersMethod(),
                io.vertikube.kubelet.cri.v1.Container.STATE_FIELD_NUMBER,
                (list, from, length) -> FromCri.container(
                        io.vertikube.kubelet.cri.v1.Container.parser().parseFrom(list, from, length)));
    }
}
