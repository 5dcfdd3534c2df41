package io.vertikube.kubelet.runtime;

/** How to sign in at a registry. Immutable. */
public record RegistryCredentials(String username, String password, String identityToken, String serverAddress) {

    @Override
    public String toString() {
        return "RegistryCredentials[" + serverAddress + "]";
    }
}
