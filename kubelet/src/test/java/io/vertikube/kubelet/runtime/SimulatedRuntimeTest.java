package io.vertikube.kubelet.runtime;

import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.time.InstantSource;

class SimulatedRuntimeTest extends ContainerRuntimeContract {

    @Override
    protected ContainerRuntime open() {
        return new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.1.0.0/24"));
    }

    @Override
    protected String image() {
        return "busybox:test";
    }
}
