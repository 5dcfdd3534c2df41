/**
 * Services on one machine. Enter at {@link io.vertikube.proxy.ProxyService}: informers feed {@code rules} (what the
 * kernel should hold), {@code nftables} makes it so, {@code node} keeps the link and routes that the rules stand on, and
 * {@code dns} answers for the cluster's names. This package only puts these together; it decides nothing about packets
 * or names itself.
 */
@NullMarked
package io.vertikube.proxy;

import org.jspecify.annotations.NullMarked;
