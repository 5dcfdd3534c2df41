package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {

    @Test
    void rangesHoldAddressesAndSubnets() {
        Cidr range = Cidr.parse("10.42.7.9/16");
        assertThat(range.toString()).isEqualTo("10.42.0.0/16");
        assertThat(range.contains("10.42.255.1")).isTrue();
        assertThat(range.contains("10.43.0.1")).isFalse();
        assertThat(range.contains("fd00::1")).isFalse();
        assertThat(range.subnets(24)).isEqualTo(256);
        assertThat(range.subnet(24, 3).toString()).isEqualTo("10.42.3.0/24");
        assertThat(range.address(257)).isEqualTo("10.42.1.1");
        assertThat(range.indexOf("10.42.1.1")).isEqualTo(257);
        assertThat(Cidr.parse("fd00:1::/112").address(10)).isEqualTo("fd00:1::a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.256/8", "localhost/8", "fd00::/129", "010.0.0.1/8"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
