/**
 * Brings the kernel's table to a wanted state with {@code nft -f -}. Enter at
 * {@link io.vertikube.proxy.nftables.NftTable}. It must not know Services: it sees sets, elements and chains, and touches
 * its one table only.
 */
@NullMarked
package io.vertikube.proxy.nftables;

import org.jspecify.annotations.NullMarked;
