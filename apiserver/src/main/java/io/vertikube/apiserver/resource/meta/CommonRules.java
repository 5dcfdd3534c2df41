package io.vertikube.apiserver.resource.meta;

import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Forms of values that many kinds share: addresses, ranges, prefixed paths, references, conditions. Pure. */
public final class CommonRules {

    public static final String NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    public static final String NOT_A_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private static final int MAX_DRIVER_NAME = 63;
    private static final int MAX_CONDITION_REASON = 1024;
    private static final int MAX_CONDITION_MESSAGE = 32 * 1024;
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final String URL_FORM = "; desired format: https://host[/path]";

    private CommonRules() {}

    public static boolean address(Place address, Problems problems) {
        if (Cidr.isAddress(address.text())) {
            return true;
        }
        problems.invalid(address, NOT_AN_ADDRESS);
        return false;
    }

    public static boolean range(Place range, Problems problems) {
        if (isRange(range.text())) {
            return true;
        }
        problems.invalid(range, NOT_A_RANGE);
        return false;
    }

    public static boolean isRange(String text) {
        try {
            Cidr.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** At most so many bytes. */
    public static void maxBytes(Place text, int max, Problems problems) {
        if (text.text().getBytes(StandardCharsets.UTF_8).length > max) {
            problems.add(FieldError.tooLong(text.path(), max));
        }
    }

    /** At most so many items. */
    public static boolean maxItems(Place list, int max, Problems problems) {
        if (list.node().size() <= max) {
            return true;
        }
        problems.add(FieldError.tooMany(list.path(), list.node().size(), max));
        return false;
    }

    /** {@code acme.io/foo}. */
    public static void domainPath(Place path, Problems problems) {
        if (!problems.require(path, "")) {
            return;
        }
        String[] parts = path.text().split("/", 2);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            problems.invalid(path, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        Names.dnsSubdomain(parts[0])
                .forEach(sentence -> problems.add(FieldError.invalid(path.path(), parts[0], sentence)));
        if (!parts[1].matches("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+")) {
            problems.add(FieldError.invalid(
                    path.path(),
                    parts[1],
                    "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"));
        }
    }

    /** One of the server's own words, or a prefixed name of somebody else's. */
    static boolean isPrefixed(String text) {
        return text.contains("/");
    }

    public static void domainOrName(Place name, Problems problems) {
        if (isPrefixed(name.text())) {
            domainPath(name, problems);
        } else {
            problems.supported(name, List.of("OldestEmulationVersion"));
        }
    }

    /** The name of a CSI driver, as classes, nodes and volumes use it. */
    public static void driverName(Place name, Problems problems) {
        if (problems.require(name, "")) {
            maxBytes(name, MAX_DRIVER_NAME, problems);
            problems.invalid(name, Names.dnsSubdomain(name.text().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** A reference to an object of any kind in the same namespace. */
    public static void typedReference(Place reference, Problems problems) {
        if (!reference.get("apiGroup").empty()) {
            problems.check(reference.get("apiGroup"), Names::dnsSubdomain);
        }
        for (String field : List.of("kind", "name")) {
            if (problems.require(reference.get(field), "")) {
                problems.check(reference.get(field), Names::pathSegment);
            }
        }
    }

    /** A list of {@code metav1.Condition}. */
    public static void conditions(Place conditions, Problems problems) {
        Set<String> types = new HashSet<>();
        for (Place condition : conditions.items()) {
            Place type = condition.get("type");
            if (!types.add(type.text())) {
                problems.duplicate(type);
            }
            if (problems.require(type, "must be set")) {
                problems.check(type, Names::qualifiedName);
            }
            problems.supported(condition.get("status"), List.of("False", "True", "Unknown"));
            if (condition.number("observedGeneration", 0) < 0) {
                problems.invalid(condition.get("observedGeneration"), "must be greater than or equal to zero");
            }
            problems.require(condition.get("lastTransitionTime"), "must be set");
            Place reason = condition.get("reason");
            if (problems.require(reason, "must be set")) {
                maxBytes(reason, MAX_CONDITION_REASON, problems);
                if (!reason.text().matches(REASON)) {
                    problems.invalid(
                            reason,
                            "a condition reason must start with alphabetic character, optionally followed by a string"
                                    + " of alphanumeric characters or '_,:', and must end with an alphanumeric"
                                    + " character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or"
                                    + " 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '"
                                    + REASON + "')");
                }
            }
            maxBytes(condition.get("message"), MAX_CONDITION_MESSAGE, problems);
        }
    }

    /** Where a webhook is called: a Service or an https URL, not both. */
    public static void webhookClient(Place client, Problems problems) {
        boolean url = client.has("url");
        boolean service = client.has("service");
        if (url == service) {
            problems.required(client, "exactly one of url or service is required");
        } else if (url) {
            webhookUrl(client.get("url"), problems);
        } else {
            Place reference = client.get("service");
            problems.require(reference.get("name"), "service name is required");
            problems.require(reference.get("namespace"), "service namespace is required");
            long port = reference.number("port", 443);
            if (port < 1 || port > 65535) {
                problems.invalid(reference.get("port"), "port is not valid: must be between 1 and 65535, inclusive");
            }
            Place path = reference.get("path");
            if (!path.empty() && !path.text().startsWith("/")) {
                problems.invalid(path, "must start with a '/'");
            } else if (path.text().contains("//")) {
                problems.invalid(path, "segment must not be empty");
            }
        }
    }

    private static void webhookUrl(Place url, Problems problems) {
        URI parsed;
        try {
            parsed = new URI(url.text());
        } catch (URISyntaxException e) {
            problems.required(url, "url must be a valid URL: " + e.getReason() + URL_FORM);
            return;
        }
        if (!"https".equals(parsed.getScheme())) {
            problems.invalid(url, "'https' is the only allowed URL scheme" + URL_FORM);
        }
        if (parsed.getRawAuthority() == null || parsed.getRawAuthority().isEmpty()) {
            problems.invalid(url, "host must be specified" + URL_FORM);
        }
        if (parsed.getRawUserInfo() != null) {
            problems.invalid(url, "user information is not permitted in the URL");
        }
        if (parsed.getRawFragment() != null) {
            problems.invalid(url, "fragments are not permitted in the URL");
        }
        if (parsed.getRawQuery() != null) {
            problems.invalid(url, "query parameters are not permitted in the URL");
        }
    }
}
