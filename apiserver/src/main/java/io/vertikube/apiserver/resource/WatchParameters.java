package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a watch begins and what it wants to be told ("Efficient detection of changes" and "Streaming lists" in the API
 * concepts page). Immutable.
 *
 * @param initial the state to begin at; null to begin right after {@code from}
 * @param tellInitial whether that state is told first, as ADDED events
 * @param from the revision after which events are told, where there is no initial state
 * @param markInitialEnd whether a bookmark says when the initial state is complete
 * @param timeout null for the server's own choice; nothing for what was over before it began
 */
record WatchParameters(
        @Nullable Read initial,
        boolean tellInitial,
        long from,
        boolean bookmarks,
        boolean markInitialEnd,
        @Nullable Duration timeout) {

    private static final Gvk OPTIONS = new Gvk("meta.k8s.io", "v1", "ListOptions");
    private static final long LONGEST_SECONDS = 24L * 3600;

    static WatchParameters of(Query query) {
        String revision = query.text("resourceVersion");
        boolean bookmarks = query.flag("allowWatchBookmarks");
        boolean streaming = query.has("sendInitialEvents") && query.flag("sendInitialEvents");
        check(query);
        long number = revision.isEmpty() ? 0 : ListParameters.revision(revision);
        Read initial;
        if (streaming) {
            initial = revision.isEmpty() ? Read.latest() : number == 0 ? Read.any() : Read.notOlderThan(number);
        } else if (number == 0) {
            initial = revision.isEmpty() ? Read.latest() : Read.any();
        } else {
            initial = null;
        }
        long seconds = query.number("timeoutSeconds").orElse(0);
        Duration timeout = seconds == 0 ? null : Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_SECONDS));
        boolean silent = query.has("sendInitialEvents") && !streaming;
        return new WatchParameters(initial, !silent, number, bookmarks, streaming && bookmarks, timeout);
    }

    private static void check(Query query) {
        List<FieldError> errors = new ArrayList<>();
        String match = query.text("resourceVersionMatch");
        if (query.has("sendInitialEvents")) {
            if (!match.equals("NotOlderThan")) {
                errors.add(FieldError.forbidden(
                        "resourceVersionMatch",
                        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
            }
        } else if (!match.isEmpty()) {
            errors.add(FieldError.forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (!match.isEmpty() && !match.equals("Exact") && !match.equals("NotOlderThan")) {
            errors.add(FieldError.notSupported("resourceVersionMatch", match, List.of("Exact", "NotOlderThan", "")));
        }
        if (!match.isEmpty() && !query.text("continue").isEmpty()) {
            errors.add(FieldError.forbidden(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(OPTIONS, "", errors);
        }
    }
}
