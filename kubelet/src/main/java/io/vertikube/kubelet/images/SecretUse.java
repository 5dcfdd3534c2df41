package io.vertikube.kubelet.images;

/**
 * A Secret with which an image was pulled. Immutable.
 *
 * @param credentialHash SHA-256 of what it says for the image's registry
 */
public record SecretUse(String uid, String namespace, String name, String credentialHash) {

    boolean isSameSecret(SecretUse other) {
        return uid.equals(other.uid) && namespace.equals(other.namespace) && name.equals(other.name);
    }
}
