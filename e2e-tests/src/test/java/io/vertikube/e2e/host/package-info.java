/** A machine for tests: a process that holds network, mount and host name namespaces, and commands run in it. */
@NullMarked
package io.vertikube.e2e.host;

import org.jspecify.annotations.NullMarked;
