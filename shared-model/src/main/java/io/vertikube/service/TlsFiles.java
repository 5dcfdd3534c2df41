package io.vertikube.service;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a service's serving certificate lies.
 *
 * @param clientCa certificates that callers must chain to, or null to ask for none
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientCa) {}
