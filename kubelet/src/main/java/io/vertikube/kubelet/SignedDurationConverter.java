package io.vertikube.kubelet;

import io.vertikube.service.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** A duration that says something else when it is below zero. */
final class SignedDurationConverter implements ITypeConverter<Duration> {

    private final DurationConverter unsigned = new DurationConverter();

    @Override
    public Duration convert(String text) {
        return text.startsWith("-") ? unsigned.convert(text.substring(1)).negated() : unsigned.convert(text);
    }
}
