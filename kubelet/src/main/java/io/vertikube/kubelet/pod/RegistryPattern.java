package io.vertikube.kubelet.pod;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which images an entry of a docker configuration is for: a registry with or without port and path, where {@code *} stands for
 * what is between two dots of the registry's name, or a part of it ("Interpretation of config.json" in the documentation).
 * Immutable.
 */
record RegistryPattern(Pattern host, String path) {

    private static final List<String> DOCKER_HUB = List.of("index.docker.io", "docker.io", "registry-1.docker.io");

    /** Of an entry's key, as {@code https://index.docker.io/v1/} or {@code *.example.com/team}. */
    static RegistryPattern of(String key) {
        String bare = key.replaceFirst("^https?://", "");
        int slash = bare.indexOf('/');
        String host = slash < 0 ? bare : bare.substring(0, slash);
        String path = slash < 0 ? "" : bare.substring(slash).replaceFirst("^/v[12](/|$)", "/");
        String meant = DOCKER_HUB.contains(host) ? "docker.io" : host;
        String regex = Arrays.stream(meant.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^.:]*"));
        return new RegistryPattern(Pattern.compile(regex), path.equals("/") ? "" : path);
    }

    /** @param repository registry and path, without tag and digest */
    boolean matches(String repository) {
        int slash = repository.indexOf('/');
        return host.matcher(repository.substring(0, slash)).matches()
                && repository.substring(slash).startsWith(path);
    }
}
