/**
 * Rules of disruption budgets. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.policy;

import org.jspecify.annotations.NullMarked;
