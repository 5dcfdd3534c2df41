package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.front.Query;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import io.vertikube.value.PercentCode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The options of a pod's log (API reference, PodLogOptions): checked here, obeyed by the kubelet. Pure. */
final class LogQuery {

    private static final Gvk TYPE = new Gvk("", "v1", "PodLogOptions");
    private static final List<String> STREAMS = List.of("All", "Stdout", "Stderr");
    private static final List<String> PASSED_ON = List.of(
            "follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "tailLines", "limitBytes", "stream");

    private LogQuery() {}

    /**
     * What the kubelet is told, as {@code name=value}.
     *
     * @throws io.vertikube.object.ApiException 400 for what is no number or time, 422 for a value that is out of range
     */
    static List<String> checked(String pod, Query query) {
        OptionalLong tailLines = query.number("tailLines");
        OptionalLong limitBytes = query.number("limitBytes");
        OptionalLong sinceSeconds = query.number("sinceSeconds");
        String sinceTime = query.text("sinceTime");
        String stream = query.text("stream");
        checkTime(sinceTime);
        var errors = new ArrayList<FieldError>();
        if (tailLines.isPresent() && tailLines.getAsLong() < 0) {
            errors.add(FieldError.invalid("tailLines", tailLines.getAsLong(), "must be greater than or equal to 0"));
        }
        if (limitBytes.isPresent() && limitBytes.getAsLong() < 1) {
            errors.add(FieldError.invalid("limitBytes", limitBytes.getAsLong(), "must be greater than 0"));
        }
        if (sinceSeconds.isPresent() && !sinceTime.isEmpty()) {
            errors.add(FieldError.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else if (sinceSeconds.isPresent() && sinceSeconds.getAsLong() < 1) {
            errors.add(FieldError.invalid("sinceSeconds", sinceSeconds.getAsLong(), "must be greater than 0"));
        }
        if (!stream.isEmpty() && !STREAMS.contains(stream)) {
            errors.add(FieldError.notSupported("stream", stream, STREAMS));
        } else if (tailLines.isPresent() && !stream.isEmpty() && !stream.equals("All")) {
            errors.add(FieldError.forbidden("", "`tailLines` and specific `stream` are mutually exclusive for now"));
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(TYPE, pod, errors);
        }
        var parameters = new ArrayList<String>();
        for (String option : PASSED_ON) {
            if (query.has(option)) {
                parameters.add(option + "=" + PercentCode.encode(query.text(option)));
            }
        }
        return parameters;
    }

    private static void checkTime(String time) {
        try {
            if (!time.isEmpty()) {
                OffsetDateTime.parse(time);
            }
        } catch (DateTimeException e) {
            throw ApiErrors.badRequest("sinceTime: \"" + time + "\" is no RFC 3339 time");
        }
    }
}
