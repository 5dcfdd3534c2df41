/**
 * Admission by webhooks: which configured hook is for which write ({@link
 * io.vertikube.apiserver.admission.webhook.Hook}), what it is asked and what its answer means, and the two plugins that
 * call them.
 */
@NullMarked
package io.vertikube.apiserver.admission.webhook;

import org.jspecify.annotations.NullMarked;
