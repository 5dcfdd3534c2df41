/**
 * Users of their own for pods that ask for them ({@code hostUsers: false}; "User Namespaces" in the documentation,
 * KEP-127): which ids of the machine there are to give, and which pod has which.
 *
 * <p>Enter at {@link io.vertikube.kubelet.users.PodUsers}. What pods have is in their folders and nowhere else. The runtime
 * maps the ids.
 */
@NullMarked
package io.vertikube.kubelet.users;

import org.jspecify.annotations.NullMarked;
