package io.vertikube.kubelet.images;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An image that pulls of this node brought, and with what. Immutable.
 *
 * @param id the runtime's
 * @param updated when it was last pulled
 * @param users by repository
 */
record PulledImage(String id, Instant updated, Map<String, Users> users) {

    /** Somebody pulled it; whoever it was is not known any more. */
    static final PulledImage UNREADABLE = new PulledImage("", Instant.EPOCH, Map.of());

    PulledImage {
        users = Map.copyOf(users);
    }

    /**
     * Who may have it under one name. Immutable.
     *
     * @param everybody it was pulled without credentials
     */
    record Users(boolean everybody, List<SecretUse> secrets) {

        static final Users NOBODY = new Users(false, List.of());

        Users {
            secrets = List.copyOf(secrets);
        }

        /** Whoever has the same credentials may have it, in whichever Secret they are. */
        boolean includes(SecretUse mine) {
            return secrets.stream().anyMatch(known -> known.credentialHash().equals(mine.credentialHash()));
        }

        /** What a Secret said before counts no more. */
        Users with(Optional<SecretUse> secret) {
            if (everybody || secret.isEmpty()) {
                return new Users(true, List.of());
            }
            List<SecretUse> all = new ArrayList<>(secrets);
            all.removeIf(secret.get()::isSameSecret);
            all.add(secret.get());
            return new Users(false, all);
        }
    }

    boolean isReadable() {
        return !id.isEmpty();
    }

    /** After another pull. */
    PulledImage pulled(String repository, Optional<SecretUse> with, Instant now) {
        Map<String, Users> all = new TreeMap<>(users);
        all.put(repository, all.getOrDefault(repository, Users.NOBODY).with(with));
        return new PulledImage(id, now, all);
    }
}
