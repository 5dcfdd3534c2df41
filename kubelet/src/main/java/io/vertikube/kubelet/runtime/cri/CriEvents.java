package io.vertikube.kubelet.runtime.cri;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vertikube.kubelet.cri.v1.ContainerEventResponse;
import io.vertikube.kubelet.cri.v1.GetEventsRequest;
import io.vertikube.kubelet.cri.v1.RuntimeServiceGrpc;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime's event stream, as long as it has one: hints only, the relist is what counts. A runtime that knows no
 * events, or a stream that breaks, ends it quietly. Calls back on gRPC's threads.
 */
final class CriEvents implements StreamObserver<ContainerEventResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(CriEvents.class);

    private final Consumer<String> podUidChanged;

    private CriEvents(Consumer<String> podUidChanged) {
        this.podUidChanged = podUidChanged;
    }

    static AutoCloseable listen(RuntimeServiceGrpc.RuntimeServiceStub runtime, Consumer<String> podUidChanged) {
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(
                () -> runtime.getContainerEvents(GetEventsRequest.getDefaultInstance(), new CriEvents(podUidChanged)));
        return () -> context.cancel(null);
    }

    @Override
    public void onNext(ContainerEventResponse event) {
        String uid = event.getPodSandboxStatus().getMetadata().getUid();
        if (!uid.isEmpty()) {
            podUidChanged.accept(uid);
        }
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debug("the runtime sends no events ({}); relisting finds every change", Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        LOG.debug("the runtime ended its events; relisting finds every change");
    }
}
