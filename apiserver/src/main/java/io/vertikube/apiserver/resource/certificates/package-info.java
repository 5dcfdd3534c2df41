/**
 * Rules of certificate signing requests. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.certificates;

import org.jspecify.annotations.NullMarked;
