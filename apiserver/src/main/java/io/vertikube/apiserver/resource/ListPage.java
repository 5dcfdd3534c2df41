package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects that answer a list. Immutable.
 *
 * @param next where it goes on; null on the last page
 * @param remaining how many follow, known only where nothing is selected; -1 if unknown
 */
record ListPage(
        long revision, List<StoredObject> items, @Nullable ContinueToken next, long remaining) {

    ListPage {
        items = List.copyOf(items);
    }

    /** Walks a snapshot. Pure. */
    static ListPage of(Snapshot snapshot, Selection selection, ListParameters parameters, String typePrefix) {
        return of(snapshot, selection, parameters, typePrefix, UnaryOperator.identity());
    }

    /**
     * The same for objects that are selected in another form than they are stored in; the page has them as stored.
     *
     * @param form the form to select by
     */
    static ListPage of(
            Snapshot snapshot,
            Selection selection,
            ListParameters parameters,
            String typePrefix,
            UnaryOperator<StoredObject> form) {
        ContinueToken resume = parameters.resume();
        if (!selection.key().isEmpty()) {
            List<StoredObject> one = resume != null
                    ? List.of()
                    : snapshot.get(selection.key()).filter(o -> selection.matches(form.apply(o))).stream()
                            .toList();
            return new ListPage(snapshot.revision(), one, null, -1);
        }
        NavigableMap<String, StoredObject> objects = snapshot.under(selection.prefix());
        if (resume != null) {
            String after = typePrefix + resume.after();
            if (!after.startsWith(selection.prefix())) {
                throw ApiErrors.badRequest("continue key is not valid: it belongs to another list");
            }
            objects = objects.tailMap(after, false);
        }
        return selection.isWhole()
                ? whole(snapshot.revision(), objects, parameters.limit(), typePrefix)
                : selected(snapshot.revision(), objects, selection, parameters.limit(), typePrefix, form);
    }

    /** The same page with each item in another form. */
    ListPage map(UnaryOperator<StoredObject> form) {
        return new ListPage(revision, items.stream().map(form).toList(), next, remaining);
    }

    private static ListPage whole(
            long revision, NavigableMap<String, StoredObject> objects, long limit, String typePrefix) {
        if (limit == 0 || objects.size() <= limit) {
            return new ListPage(revision, List.copyOf(objects.values()), null, -1);
        }
        var items = new ArrayList<StoredObject>((int) limit);
        for (StoredObject object : objects.values()) {
            items.add(object);
            if (items.size() == limit) {
                break;
            }
        }
        return new ListPage(revision, items, token(revision, items, typePrefix), objects.size() - limit);
    }

    private static ListPage selected(
            long revision,
            NavigableMap<String, StoredObject> objects,
            Selection selection,
            long limit,
            String typePrefix,
            UnaryOperator<StoredObject> form) {
        var items = new ArrayList<StoredObject>();
        for (StoredObject object : objects.values()) {
            if (selection.matches(form.apply(object))) {
                if (limit > 0 && items.size() == limit) {
                    return new ListPage(revision, items, token(revision, items, typePrefix), -1);
                }
                items.add(object);
            }
        }
        return new ListPage(revision, items, null, -1);
    }

    private static ContinueToken token(long revision, List<StoredObject> items, String typePrefix) {
        return new ContinueToken(revision, items.getLast().key().substring(typePrefix.length()));
    }
}
