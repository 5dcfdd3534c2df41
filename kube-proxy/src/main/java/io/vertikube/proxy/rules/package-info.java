/**
 * Decides which nftables objects a node needs for the Services, endpoints and host ports it sees. Enter at
 * {@link io.vertikube.proxy.rules.RulePlan}. Pure: it must not know processes, clocks or the API connection.
 */
@NullMarked
package io.vertikube.proxy.rules;

import org.jspecify.annotations.NullMarked;
