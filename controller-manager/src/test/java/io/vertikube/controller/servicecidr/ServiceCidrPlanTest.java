package io.vertikube.controller.servicecidr;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import io.vertikube.controller.servicecidr.ServiceCidrPlan.Step;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ServiceCidrPlanTest {
    private static final Step READY = new Step.Tell("True", "", ServiceCidrPlan.READY_MESSAGE);
    private static final Step NOT_READY = new Step.Tell("False", "Terminating", ServiceCidrPlan.WAITING_MESSAGE);
    private static final ServiceCIDR FIRST = guarded(range("kubernetes", "10.96.0.0/16"));

    static Stream<Arguments> cases() {
        ServiceCIDR fresh = range("more", "10.112.0.0/24");
        ServiceCIDR guarded = guarded(fresh);
        return Stream.of(
                Arguments.of("a new one is guarded", fresh, List.of(FIRST), List.of(), new Step.Guard()),
                Arguments.of("a guarded one is ready", guarded, List.of(FIRST), List.of(), READY),
                Arguments.of("ready was said", said(guarded, "True"), List.of(FIRST), List.of(), new Step.Nothing()),
                Arguments.of(
                        "deleted, an address is in use",
                        leaving(guarded, 60),
                        List.of(FIRST),
                        List.of("10.96.0.1", "10.112.0.7"),
                        NOT_READY),
                Arguments.of(
                        "deleted, others' addresses are in use",
                        leaving(guarded, 60),
                        List.of(FIRST),
                        List.of("10.96.0.1", "10.113.0.7"),
                        new Step.LetGo()),
                Arguments.of(
                        "deleted, another range holds the address",
                        leaving(guarded, 60),
                        List.of(FIRST, guarded(range("wide", "10.112.0.0/16"))),
                        List.of("10.112.0.7"),
                        new Step.LetGo()),
                Arguments.of(
                        "deleted, the other one leaves too",
                        leaving(guarded, 60),
                        List.of(leaving(guarded(range("wide", "10.112.0.0/16")), 60)),
                        List.of("10.112.0.7"),
                        NOT_READY),
                Arguments.of(
                        "deleted just now",
                        leaving(guarded, 4),
                        List.of(FIRST),
                        List.of(),
                        new Step.Wait(Duration.ofSeconds(6))),
                Arguments.of("deleted and let go", leaving(fresh, 60), List.of(FIRST), List.of(), new Step.Nothing()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void goesOnlyWhenNobodyNeedsIt(
            String what, ServiceCIDR range, List<ServiceCIDR> others, List<String> addresses, Step step) {
        List<ServiceCIDR> all = Stream.concat(Stream.of(range), others.stream()).toList();
        assertThat(ServiceCidrPlan.of(range, all, addresses, NOW)).isEqualTo(step);
    }

    private static ServiceCIDR range(String name, String cidr) {
        return new ServiceCIDRBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withCidrs(cidr)
                .endSpec()
                .build();
    }

    private static ServiceCIDR guarded(ServiceCIDR range) {
        return new ServiceCIDRBuilder(range)
                .editMetadata()
                .withFinalizers(ServiceCidrPlan.FINALIZER)
                .endMetadata()
                .build();
    }

    private static ServiceCIDR leaving(ServiceCIDR range, long seconds) {
        return new ServiceCIDRBuilder(range)
                .editMetadata()
                .withDeletionTimestamp(NOW.minusSeconds(seconds).toString())
                .endMetadata()
                .build();
    }

    private static ServiceCIDR said(ServiceCIDR range, String ready) {
        return new ServiceCIDRBuilder(range)
                .withNewStatus()
                .withConditions(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus(ready)
                        .withMessage(ServiceCidrPlan.READY_MESSAGE)
                        .build())
                .endStatus()
                .build();
    }
}
