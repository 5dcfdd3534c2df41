/** Clients no one here wrote, against a server in this JVM: what they break on is a bug of the server. */
@NullMarked
package io.vertikube.e2e.clients;

import org.jspecify.annotations.NullMarked;
