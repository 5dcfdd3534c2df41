package io.vertikube.apiserver.resource.apiextensions;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of {@code spec.conversion} ("CustomResourceConversion"); errors name the fields as Kubernetes does. Pure. */
final class ConversionRules {

    private static final String FORM = "; desired format: https://host[/path]";
    private static final String NOT_WEBHOOK = "should not be set when strategy is not set to Webhook";

    private ConversionRules() {}

    static void check(Place spec, Problems problems) {
        Place conversion = spec.get("conversion");
        Place webhook = conversion.get("webhook");
        Place config = webhook.get("clientConfig").at(conversion.path() + ".webhookClientConfig");
        Place versions = webhook.get("conversionReviewVersions").at(conversion.path() + ".conversionReviewVersions");
        if (!problems.require(conversion.get("strategy"), "")) {
            return;
        }
        problems.supported(conversion.get("strategy"), List.of("None", "Webhook"));
        if (!conversion.text("strategy").equals("Webhook")) {
            if (config.present()) {
                problems.forbidden(config, NOT_WEBHOOK);
            }
            if (!versions.empty()) {
                problems.forbidden(versions, NOT_WEBHOOK);
            }
            return;
        }
        if (!config.present()) {
            problems.required(config, "required when strategy is set to Webhook");
        } else {
            client(config, problems);
        }
        reviewVersions(versions, problems);
    }

    /** A webhook's address, also of admission webhooks. */
    static void client(Place config, Problems problems) {
        Place url = config.get("url");
        Place service = config.get("service");
        if (url.present() == service.present()) {
            problems.required(config, "exactly one of url or service is required");
        } else if (url.present()) {
            url(url, problems);
        } else {
            service(service, problems);
        }
    }

    private static void url(Place url, Problems problems) {
        URI uri;
        try {
            uri = URI.create(url.text());
        } catch (IllegalArgumentException e) {
            problems.required(url, "url must be a valid URL: " + e.getMessage() + FORM);
            return;
        }
        if (!"https".equals(uri.getScheme())) {
            problems.add(FieldError.invalid(
                    url.path(),
                    uri.getScheme() == null ? "" : uri.getScheme(),
                    "'https' is the only allowed URL scheme" + FORM));
        }
        if (uri.getHost() == null) {
            problems.add(FieldError.invalid(url.path(), "", "host must be specified" + FORM));
        }
        part(url, uri.getRawUserInfo(), "user information is not permitted in the URL", problems);
        part(url, uri.getRawFragment(), "fragments are not permitted in the URL", problems);
        part(url, uri.getRawQuery(), "query parameters are not permitted in the URL", problems);
    }

    private static void part(
            Place url, @org.jspecify.annotations.Nullable String part, String wrong, Problems problems) {
        if (part != null && !part.isEmpty()) {
            problems.add(FieldError.invalid(url.path(), part, wrong));
        }
    }

    private static void service(Place service, Problems problems) {
        problems.require(service.get("name"), "service name is required");
        problems.require(service.get("namespace"), "service namespace is required");
        Place port = service.get("port");
        if (port.present() && (port.number(0) < 1 || port.number(0) > 65535)) {
            problems.invalid(port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        Place path = service.get("path");
        if (path.text().isEmpty() || path.text().equals("/")) {
            return;
        }
        if (!path.text().startsWith("/")) {
            problems.invalid(path, "must start with a '/'");
            return;
        }
        String[] steps = path.text().substring(1).split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                if (i < steps.length - 1 || steps.length == 1) {
                    problems.invalid(path, "segment[" + i + "] may not be empty");
                }
                continue;
            }
            for (String wrong : Names.dnsSubdomain(steps[i])) {
                problems.invalid(path, "segment[" + i + "]: " + wrong);
            }
        }
    }

    private static void reviewVersions(Place versions, Problems problems) {
        if (versions.empty()) {
            problems.required(versions);
            return;
        }
        Set<String> seen = new HashSet<>();
        boolean understood = false;
        for (Place version : versions.items()) {
            if (!seen.add(version.text())) {
                problems.invalid(version, "duplicate version");
                continue;
            }
            problems.check(version, Names::dns1035);
            understood |= version.text().equals("v1") || version.text().equals("v1beta1");
        }
        if (!understood) {
            problems.invalid(versions, "must include at least one of v1, v1beta1");
        }
    }
}
