/**
 * What the rules stand on: the link that takes the Service range, conntrack, the bridge filter, and the programs that
 * set them. Enter at {@link io.vertikube.proxy.node.ServiceLink}. It must not know Services or the API.
 */
@NullMarked
package io.vertikube.proxy.node;

import org.jspecify.annotations.NullMarked;
