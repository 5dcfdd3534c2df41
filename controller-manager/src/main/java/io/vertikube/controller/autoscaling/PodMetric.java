package io.vertikube.controller.autoscaling;

import java.time.Duration;
import java.time.Instant;

/** What was measured of a pod, in thousandths, over the time before {@code at}. Immutable. */
record PodMetric(Instant at, Duration window, long milli) {}
