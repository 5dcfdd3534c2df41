package io.vertikube.apiserver.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * Usage over a time that has just ended. Immutable.
 *
 * @param nanoCores billionths of a core
 */
record Usage(Instant at, Duration window, long nanoCores, long memoryBytes) {

    /** Writes {@code cpu} and {@code memory} as quantities: {@code 2500n}, {@code 1204Ki}. */
    void write(ObjectNode usage) {
        usage.put("cpu", Quantities.decimalForm(BigDecimal.valueOf(nanoCores, 9)));
        usage.put("memory", Quantities.binaryForm(BigInteger.valueOf(memoryBytes)));
    }
}
