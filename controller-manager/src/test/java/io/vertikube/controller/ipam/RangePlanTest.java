package io.vertikube.controller.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.value.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RangePlanTest {
    private final RangePlan plan = new RangePlan(Cidr.parse("10.244.0.0/16"), 24);

    @Test
    void theFirstFreeRangeIsGiven() {
        assertThat(plan.free(List.of())).contains("10.244.0.0/24");
        assertThat(plan.free(List.of("10.244.0.0/24", "10.244.2.0/24"))).contains("10.244.1.0/24");
    }

    @Test
    void rangesOfOtherSizesCountForAllTheyCover() {
        assertThat(plan.free(List.of("10.244.0.0/23", "10.244.2.128/25"))).contains("10.244.3.0/24");
        assertThat(plan.free(List.of("192.168.0.0/24", "nonsense"))).contains("10.244.0.0/24");
    }

    @Test
    void aFullClusterHasNone() {
        var small = new RangePlan(Cidr.parse("10.0.0.0/23"), 24);
        assertThat(small.free(List.of("10.0.0.0/24", "10.0.1.0/24"))).isEmpty();
    }

    @Test
    void aNodesRangeMustFit() {
        assertThatThrownBy(() -> new RangePlan(Cidr.parse("10.0.0.0/25"), 24))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
