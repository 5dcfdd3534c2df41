package io.vertikube.kubelet.manifests;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where static pods come from. Immutable.
 *
 * @param path folder or file of manifests
 * @param fileCheck how often they are read though the kernel tells of no change
 * @param url address of a Pod or a PodList, {@code http} or {@code https}
 * @param headers what is sent along when it is asked for, by name
 * @param httpCheck how often it is
 */
public record ManifestOptions(
        Optional<Path> path,
        Duration fileCheck,
        Optional<URI> url,
        Map<String, List<String>> headers,
        Duration httpCheck) {

    private static final Pattern NEXT = Pattern.compile(",(?=[\\w!#$%&'*+.^`|~-]+:)");
    private static final Duration OFTEN = Duration.ofSeconds(20);

    /** No static pods. */
    public static final ManifestOptions NONE =
            new ManifestOptions(Optional.empty(), OFTEN, Optional.empty(), Map.of(), OFTEN);

    public ManifestOptions {
        headers = Map.copyOf(headers);
    }

    /** The same with a folder or file. */
    public ManifestOptions with(Path other) {
        return new ManifestOptions(Optional.of(other), fileCheck, url, headers, httpCheck);
    }

    /** The same with an address that is asked so often. */
    public ManifestOptions with(URI other, Duration often) {
        return new ManifestOptions(path, fileCheck, Optional.of(other), headers, often);
    }

    /**
     * An address as it is typed.
     *
     * @throws IllegalArgumentException naming the flag if it is none that can be asked
     */
    public static URI address(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "--manifest-url: " + e.getReason() + " at index " + e.getIndex() + ": " + withoutPassword(text), e);
        }
        if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
            throw new IllegalArgumentException("--manifest-url: \"" + withoutPassword(text)
                    + "\" is no address: write it as http://HOST/PATH or https://HOST/PATH");
        }
        return url;
    }

    /** As it may be shown: who starts it and who reads the log are not the same. */
    private static String withoutPassword(String address) {
        return address.replaceFirst("//.*@", "//***@");
    }

    /**
     * Headers from {@code name:value,name:value} each; a name that comes again has several values. A comma is a value's
     * own where no name and colon come after it.
     *
     * @throws IllegalArgumentException naming the flag if one is not of that form
     */
    public static Map<String, List<String>> headers(List<String> texts) {
        Map<String, List<String>> result = new LinkedHashMap<>();
        for (String text : texts.stream().flatMap(NEXT::splitAsStream).toList()) {
            int at = text.indexOf(':');
            if (at <= 0) {
                throw new IllegalArgumentException(
                        "--manifest-url-header: \"" + text + "\" is not of the form name:value");
            }
            result.computeIfAbsent(text.substring(0, at).strip(), name -> new ArrayList<>())
                    .add(text.substring(at + 1).strip());
        }
        result.replaceAll((name, values) -> List.copyOf(values));
        return result;
    }
}
