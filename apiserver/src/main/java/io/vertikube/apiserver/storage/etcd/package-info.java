/**
 * The store of a cluster with several API servers: etcd through jetcd.
 *
 * <p>Enter at {@link io.vertikube.apiserver.storage.etcd.EtcdStore}. It knows keys, bytes and revisions, nothing of
 * objects.
 */
@NullMarked
package io.vertikube.apiserver.storage.etcd;

import org.jspecify.annotations.NullMarked;
