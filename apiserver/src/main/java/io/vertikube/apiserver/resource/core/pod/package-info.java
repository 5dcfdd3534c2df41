/**
 * The rules of pods and of pod templates in other kinds ("Pod" in the API reference). Enter at {@link
 * io.vertikube.apiserver.resource.core.pod.PodStrategy} and {@link
 * io.vertikube.apiserver.resource.core.pod.PodTemplateRules}. Knows trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.core.pod;

import org.jspecify.annotations.NullMarked;
