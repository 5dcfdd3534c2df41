/**
 * Who is asking: client certificates, service-account tokens, impersonation; and the tokens the server itself issues
 * ("Authenticating" in the Kubernetes documentation, RFC 7519). Enter at {@link
 * io.vertikube.apiserver.authn.Authenticators}. Knows nothing of what a caller may do, nor of HTTP.
 */
@NullMarked
package io.vertikube.apiserver.authn;

import org.jspecify.annotations.NullMarked;
