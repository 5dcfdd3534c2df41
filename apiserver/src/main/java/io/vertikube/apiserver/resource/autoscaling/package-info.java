/**
 * Rules of horizontal pod autoscalers. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.autoscaling;

import org.jspecify.annotations.NullMarked;
