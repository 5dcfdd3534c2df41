/**
 * Rules of ingresses, network policies and address ranges. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.networking;

import org.jspecify.annotations.NullMarked;
