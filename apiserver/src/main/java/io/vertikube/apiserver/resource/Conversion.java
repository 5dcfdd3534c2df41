package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.List;

/**
 * How the stored objects of a type are seen in the version that is asked for, and how what is written in it is stored.
 * Objects remember how they were seen last, so one conversion is asked for an object once. Safe for any thread.
 */
public interface Conversion {

    /** For types with one version: stored as written, seen as stored. */
    Conversion NONE = new Conversion() {
        @Override
        public boolean isAsAsked(StoredObject object) {
            return true;
        }

        @Override
        public List<ObjectNode> asAsked(List<StoredObject> objects) {
            return objects.stream().map(StoredObject::tree).toList();
        }

        @Override
        public ObjectNode toStored(ObjectNode object) {
            return object;
        }

        @Override
        public ObjectNode fromStored(ObjectNode object) {
            return object;
        }

        @Override
        public boolean isAsStored(StoredObject object) {
            return true;
        }
    };

    /** Whether the stored bytes are what the client asks for; cheap enough for an event loop. */
    boolean isAsAsked(StoredObject object);

    /** The objects in the version asked for, in their order; all or none. May block. */
    List<ObjectNode> asAsked(List<StoredObject> objects);

    /** What to store of an object in the version asked for; may be the same tree. May block. */
    ObjectNode toStored(ObjectNode object);

    /** The way back of {@link #toStored}; the argument is given away. May block. */
    ObjectNode fromStored(ObjectNode object);

    /** Whether the stored bytes are in the version that is written now, so that a change of nothing need not be written. */
    boolean isAsStored(StoredObject object);
}
