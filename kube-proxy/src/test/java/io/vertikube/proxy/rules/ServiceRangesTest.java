package io.vertikube.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceRangesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the flag alone,, 10.96.0.0/16",
        "the same again, 10.96.0.0/16, 10.96.0.0/16",
        "a further one, 10.112.0.0/24, 10.112.0.0/24 10.96.0.0/16",
        "one in another, 10.96.8.0/24, 10.96.0.0/16",
        "one around another, 10.96.0.0/12, 10.96.0.0/12",
        "the other family, fd00::/108, 10.96.0.0/16"
    })
    void noneLiesInAnother(String what, String further, String expected) {
        List<ServiceCIDR> objects = further == null
                ? List.of()
                : List.of(new ServiceCIDRBuilder()
                        .withNewSpec()
                        .withCidrs(further)
                        .endSpec()
                        .build());
        assertThat(ServiceRanges.of("10.96.0.0/16", objects)).isEqualTo(Arrays.asList(expected.split(" ")));
    }
}
