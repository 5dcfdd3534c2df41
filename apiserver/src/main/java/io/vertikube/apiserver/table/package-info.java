/**
 * Objects as rows and columns: what {@code kubectl get} prints, made by the server (the {@code Table} form of the API).
 *
 * <p>Enter at {@link io.vertikube.apiserver.table.TableRenderer}. {@link io.vertikube.apiserver.table.BuiltInColumns} finds
 * the columns of a kind: one file an API group, one paragraph a kind. Cells are pure functions of an object and the time.
 * This package knows no store and no HTTP.
 */
@NullMarked
package io.vertikube.apiserver.table;

import org.jspecify.annotations.NullMarked;
