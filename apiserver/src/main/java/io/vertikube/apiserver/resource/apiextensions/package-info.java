/** The rules of CustomResourceDefinitions: names, versions, structural schemas, columns, subresources, conversion. */
@NullMarked
package io.vertikube.apiserver.resource.apiextensions;

import org.jspecify.annotations.NullMarked;
