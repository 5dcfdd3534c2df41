/**
 * Node ranges: gives every node its part of the cluster's pod range.
 *
 * <p>Enter at {@link io.vertikube.controller.ipam.NodeIpamReconciler}; {@code RangePlan} chooses. It must not know how pods get
 * addresses out of their node's range.
 */
@NullMarked
package io.vertikube.controller.ipam;

import org.jspecify.annotations.NullMarked;
