/**
 * What webhooks and policies have in common: which writes they are about ({@link
 * io.vertikube.apiserver.admission.match.Criteria}), in which version they see them ({@link
 * io.vertikube.apiserver.admission.match.Seen}), and whether their conditions hold ({@link
 * io.vertikube.apiserver.admission.match.Conditions}). Knows nothing of what they then do.
 */
@NullMarked
package io.vertikube.apiserver.admission.match;

import org.jspecify.annotations.NullMarked;
