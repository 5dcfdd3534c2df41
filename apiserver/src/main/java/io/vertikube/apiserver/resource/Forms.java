package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.storage.WatchEvent;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Stored objects in the version that a client asks for: the bytes as they are where that is it, else a form of their own
 * that the object remembers. Safe for any thread.
 */
final class Forms {

    private final ObjectStorage storage;
    private final ConversionTable conversions;
    private final StrategyTable strategies;
    private final int batch;

    Forms(ObjectStorage storage, ConversionTable conversions, StrategyTable strategies, int batch) {
        this.storage = storage;
        this.conversions = conversions;
        this.strategies = strategies;
        this.batch = batch;
    }

    /** Whether objects of the type are always seen as they are stored. */
    boolean none(ResourceType type) {
        return conversions.of(type).equals(Conversion.NONE);
    }

    /** Whether {@link #of} answers at once. */
    boolean ready(ResourceType type, StoredObject object) {
        Conversion conversion = conversions.of(type);
        return conversion.isAsAsked(object) || object.seenBy(conversion) != null;
    }

    boolean ready(ResourceType type, Collection<StoredObject> objects) {
        return none(type) || objects.stream().allMatch(object -> ready(type, object));
    }

    boolean ready(ResourceType type, WatchEvent event) {
        StoredObject previous = event.previous();
        return ready(type, event.object()) && (previous == null || ready(type, previous));
    }

    /** The object as it is asked for. May block unless {@link #ready}. */
    StoredObject of(ResourceType type, StoredObject object) {
        Conversion conversion = conversions.of(type);
        if (conversion.isAsAsked(object)) {
            return object;
        }
        StoredObject seen = object.seenBy(conversion);
        return seen != null ? seen : convert(type, conversion, List.of(object)).getFirst();
    }

    /** Makes the forms of many objects in as few steps as the conversion allows, so that {@link #of} has them. May block. */
    void prepare(ResourceType type, Collection<StoredObject> objects) {
        Conversion conversion = conversions.of(type);
        List<StoredObject> missing = new ArrayList<>();
        for (StoredObject object : objects) {
            if (!conversion.isAsAsked(object) && object.seenBy(conversion) == null) {
                missing.add(object);
                if (missing.size() == batch) {
                    convert(type, conversion, missing);
                    missing = new ArrayList<>();
                }
            }
        }
        if (!missing.isEmpty()) {
            convert(type, conversion, missing);
        }
    }

    /** A page of a list; may block unless {@link #ready} for everything under the selection's prefix. */
    ListPage page(ResourceType type, Snapshot snapshot, Selection selection, ListParameters parameters) {
        if (none(type)) {
            return ListPage.of(snapshot, selection, parameters, type.storagePrefix());
        }
        if (!selection.isWhole() && selection.key().isEmpty()) {
            prepare(type, snapshot.under(selection.prefix()).values());
        }
        ListPage page = ListPage.of(snapshot, selection, parameters, type.storagePrefix(), object -> of(type, object));
        prepare(type, page.items());
        return page.map(object -> of(type, object));
    }

    private List<StoredObject> convert(ResourceType type, Conversion conversion, List<StoredObject> objects) {
        List<ObjectNode> trees = conversion.asAsked(objects);
        if (trees.size() != objects.size()) {
            throw ApiErrors.internal(
                    "a conversion of " + objects.size() + " " + type.plural() + " gave " + trees.size() + " objects");
        }
        List<String> fields = strategies.of(type).selectableFields();
        List<StoredObject> forms = new ArrayList<>(objects.size());
        for (int i = 0; i < objects.size(); i++) {
            StoredObject object = objects.get(i);
            StoredObject form = storage.form(object, trees.get(i), fields);
            if (form.sameBytes(object)) {
                form = object;
            } else {
                form.remember(this, object);
            }
            object.remember(conversion, form);
            forms.add(form);
        }
        return forms;
    }

    /** What to store of a tree in the type's version. May block. */
    ObjectNode toStored(ResourceType type, ObjectNode object) {
        return conversions.of(type).toStored(object);
    }

    /** Whether the object, of which this may be a form, is at rest in the version that is written now. */
    boolean isAsStored(ResourceType type, StoredObject form) {
        StoredObject atRest = form.seenBy(this);
        return conversions.of(type).isAsStored(atRest == null ? form : atRest);
    }
}
