package io.vertikube.apiserver;

import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.front.FrontLimits;
import io.vertikube.apiserver.metrics.MetricsLimits;
import io.vertikube.apiserver.proxy.ProxyLimits;
import io.vertikube.apiserver.resource.ResourceLimits;
import io.vertikube.apiserver.schema.DecodeLimits;
import io.vertikube.apiserver.storage.StorageLimits;
import io.vertikube.apiserver.webhook.WebhookLimits;

/**
 * Every limit of the server in one place; each part documents its own with units. Immutable.
 *
 * @param readsInFlight requests that only read, at once; more are told to come again
 * @param writesInFlight requests that write, at once
 * @param fairness whether flow schemas divide the sum of both among priority levels instead
 */
public record Limits(
        int readsInFlight,
        int writesInFlight,
        boolean fairness,
        FrontLimits front,
        DecodeLimits decode,
        ResourceLimits resource,
        ProxyLimits proxy,
        WebhookLimits webhook,
        CelLimits cel,
        MetricsLimits metrics,
        StorageLimits storage) {

    public static Limits defaults() {
        return new Limits(
                400,
                200,
                true,
                FrontLimits.DEFAULT,
                DecodeLimits.DEFAULT,
                ResourceLimits.DEFAULT,
                ProxyLimits.DEFAULT,
                WebhookLimits.DEFAULT,
                CelLimits.DEFAULT,
                MetricsLimits.DEFAULT,
                StorageLimits.defaults());
    }

    public Limits withInFlight(int reads, int writes) {
        return new Limits(reads, writes, fairness, front, decode, resource, proxy, webhook, cel, metrics, storage);
    }

    public Limits withFairness(boolean on) {
        return new Limits(
                readsInFlight, writesInFlight, on, front, decode, resource, proxy, webhook, cel, metrics, storage);
    }

    public Limits withResource(ResourceLimits other) {
        return new Limits(
                readsInFlight, writesInFlight, fairness, front, decode, other, proxy, webhook, cel, metrics, storage);
    }

    public Limits withFront(FrontLimits other) {
        return new Limits(
                readsInFlight,
                writesInFlight,
                fairness,
                other,
                decode,
                resource,
                proxy,
                webhook,
                cel,
                metrics,
                storage);
    }

    public Limits withStorage(StorageLimits other) {
        return new Limits(
                readsInFlight, writesInFlight, fairness, front, decode, resource, proxy, webhook, cel, metrics, other);
    }

    public Limits withMetrics(MetricsLimits other) {
        return new Limits(
                readsInFlight, writesInFlight, fairness, front, decode, resource, proxy, webhook, cel, other, storage);
    }
}
