package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fresh and how long a list shall be ("Resource versions" in the API concepts page). Immutable.
 *
 * @param limit 0 for no limit
 * @param resume null for the first page
 */
record ListParameters(Read how, long limit, @Nullable ContinueToken resume) {

    private static final Gvk OPTIONS = new Gvk("meta.k8s.io", "v1", "ListOptions");

    static ListParameters of(Query query) {
        String revision = query.text("resourceVersion");
        String match = query.text("resourceVersionMatch");
        String resume = query.text("continue");
        check(query, revision, match, resume);
        long limit = Math.max(0, query.number("limit").orElse(0));
        query.number("timeoutSeconds"); // Means nothing here; what is no number is told all the same.
        if (!resume.isEmpty()) {
            ContinueToken token = ContinueToken.decode(resume);
            if (!revision.isEmpty() && !revision.equals("0")) {
                throw ApiErrors.badRequest("specifying resource version is not allowed when using continue");
            }
            return new ListParameters(
                    token.revision() == 0 ? Read.latest() : Read.exactly(token.revision()), limit, token);
        }
        return new ListParameters(how(revision, match, limit), limit, null);
    }

    private static Read how(String revision, String match, long limit) {
        if (revision.isEmpty()) {
            return Read.latest();
        }
        long number = revision(revision);
        if (number == 0) {
            return Read.any();
        }
        boolean exact = match.equals("Exact") || (match.isEmpty() && limit > 0);
        return exact ? Read.exactly(number) : Read.notOlderThan(number);
    }

    private static void check(Query query, String revision, String match, String resume) {
        List<FieldError> errors = new ArrayList<>();
        if (!match.isEmpty()) {
            match(revision, match, resume, errors);
        }
        if (query.has("sendInitialEvents")) {
            errors.add(FieldError.forbidden(
                    "sendInitialEvents", "sendInitialEvents is forbidden for list, set watch=true"));
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(OPTIONS, "", errors);
        }
    }

    private static void match(String revision, String match, String resume, List<FieldError> errors) {
        String field = "resourceVersionMatch";
        if (revision.isEmpty()) {
            errors.add(FieldError.forbidden(
                    field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }
        if (!resume.isEmpty()) {
            errors.add(FieldError.forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            errors.add(FieldError.notSupported(field, match, List.of("Exact", "NotOlderThan", "")));
        } else if (match.equals("Exact") && revision.equals("0")) {
            errors.add(FieldError.forbidden(
                    field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
    }

    /** Reads a resource version; what is none is refused as Kubernetes refuses it. */
    static long revision(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw notARevision(text);
        }
    }

    private static ApiException notARevision(String text) {
        FieldError error = FieldError.invalid(
                "resourceVersion", text, "strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        return ApiErrors.of(500, "", error.message(), null);
    }

    /** How fresh a read of one object shall be. */
    static Read single(Query query) {
        String revision = query.text("resourceVersion");
        if (revision.isEmpty()) {
            return Read.latest();
        }
        long number = revision(revision);
        return number == 0 ? Read.any() : Read.notOlderThan(number);
    }
}
