/**
 * What the server tells of itself: groups, versions and resources in the old and the aggregated form, its version, its
 * paths, its OpenAPI documents and token keys.
 *
 * <p>Enter at {@link io.vertikube.apiserver.discovery.DiscoveryHandler}. Everything is derived from the catalogue and
 * kept as bytes until that changes. Knows no object and no store.
 */
@NullMarked
package io.vertikube.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
