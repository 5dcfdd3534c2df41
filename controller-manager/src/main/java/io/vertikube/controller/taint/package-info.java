/**
 * Taint eviction: pods leave a node whose NoExecute taints they do not tolerate, or no longer tolerate.
 *
 * <p>Enter at {@link io.vertikube.controller.taint.TaintEvictionReconciler}; {@code TolerationPlan} says when. It must not know why
 * a node is tainted.
 */
@NullMarked
package io.vertikube.controller.taint;

import org.jspecify.annotations.NullMarked;
