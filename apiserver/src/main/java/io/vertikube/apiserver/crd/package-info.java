/**
 * CustomResourceDefinitions at work: what is served because of them, the conditions they are told, and the end of their
 * instances when they go. Enter at {@link io.vertikube.apiserver.crd.DefinitionLoop}, which keeps {@link
 * io.vertikube.apiserver.crd.ServedTypes} as the stored definitions say. What a definition may say is ruled by {@code
 * resource.apiextensions}; requests for its objects are served by {@code resource}, which knows no difference.
 */
@NullMarked
package io.vertikube.apiserver.crd;

import org.jspecify.annotations.NullMarked;
