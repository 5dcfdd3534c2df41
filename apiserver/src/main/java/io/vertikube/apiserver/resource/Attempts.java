package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import java.util.Optional;
import java.util.function.Function;

/** Changes to a stored object while others change it too: read, change, try again if it has moved. Blocks; safe for any. */
final class Attempts {

    private final ObjectStorage storage;
    private final Forms forms;
    private final int most;

    Attempts(ObjectStorage storage, Forms forms, int most) {
        this.storage = storage;
        this.forms = forms;
        this.most = most;
    }

    /** The object as it is now, in the version of the write; 404 if there is none. */
    StoredObject current(Write write) {
        return find(write).orElseThrow(() -> ApiErrors.notFound(write.type().gvr(), write.name()));
    }

    Optional<StoredObject> find(Write write) {
        return storage.snapshot(Read.latest()).get(write.key()).map(object -> forms.of(write.type(), object));
    }

    /**
     * Reads and changes until nobody was faster.
     *
     * @param change may throw {@link RevisionMismatch}; is called again then with what is stored by that time
     */
    <T> T onCurrent(Write write, Function<StoredObject, T> change) {
        for (int attempt = 1; ; attempt++) {
            StoredObject now = current(write);
            try {
                return change.apply(now);
            } catch (RevisionMismatch e) {
                if (attempt == most) {
                    throw ApiErrors.staleWrite(write.type().gvr(), write.name());
                }
            }
        }
    }

    int most() {
        return most;
    }
}
