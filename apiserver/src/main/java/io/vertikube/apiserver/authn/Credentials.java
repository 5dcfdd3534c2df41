package io.vertikube.apiserver.authn;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a request shows of itself. Immutable.
 *
 * @param peerChain the client certificate the TLS layer has verified against the client CA, leaf first; empty if none
 * @param bearerToken from {@code Authorization: Bearer}; empty if none
 */
public record Credentials(List<X509Certificate> peerChain, String bearerToken) {

    public static final Credentials NONE = new Credentials(List.of(), "");

    public Credentials {
        peerChain = List.copyOf(peerChain);
    }

    public boolean isEmpty() {
        return peerChain.isEmpty() && bearerToken.isEmpty();
    }
}
