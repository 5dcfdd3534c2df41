package io.vertikube.kubelet;

import io.vertikube.kubelet.manifests.ManifestOptions;
import io.vertikube.service.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a node's own pods come from. */
final class ManifestFlags {

    @Option(
            names = "--pod-manifest-path",
            paramLabel = "PATH",
            description = "Folder or file of static pods, which run without the API too.")
    private @Nullable Path path;

    @Option(
            names = "--file-check-frequency",
            paramLabel = "DURATION",
            defaultValue = "20s",
            converter = DurationConverter.class,
            description = "How often static pods are read though no change was seen (${DEFAULT-VALUE}).")
    private Duration fileCheck = ManifestOptions.NONE.fileCheck();

    @Option(
            names = "--manifest-url",
            paramLabel = "URL",
            description = "Address of a Pod or PodList that runs without the API too.")
    private @Nullable String url;

    @Option(
            names = "--manifest-url-header",
            paramLabel = "NAME:VALUE",
            description = "Headers that are sent to it, with commas between.")
    private List<String> headers = List.of();

    @Option(
            names = "--http-check-frequency",
            paramLabel = "DURATION",
            defaultValue = "20s",
            converter = DurationConverter.class,
            description = "How often it is asked (${DEFAULT-VALUE}).")
    private Duration httpCheck = ManifestOptions.NONE.httpCheck();

    /** An {@link IllegalArgumentException} names a flag that cannot be. */
    ManifestOptions manifests() {
        return new ManifestOptions(
                Optional.ofNullable(path).map(Path::toAbsolutePath),
                fileCheck,
                Optional.ofNullable(url).map(ManifestOptions::address),
                ManifestOptions.headers(headers),
                httpCheck);
    }
}
