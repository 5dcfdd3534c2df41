package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Stream;

/** The group {@code batch}. Pure. */
final class BatchColumns {

    private BatchColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "batch/jobs",
                Columns.named()
                        .text("Status", "How it stands or ended.", BatchColumns::status)
                        .text("Completions", "Pods that succeeded, of those wanted.", BatchColumns::completions)
                        .text("Duration", "How long it ran or has been running.", BatchColumns::duration)
                        .age()
                        .containers("spec.template.spec")
                        .selector("spec.selector")
                        .build());
        known.put(
                "batch/cronjobs",
                Columns.named()
                        .text("Schedule", "When jobs are made.", row -> row.text("spec.schedule"))
                        .text(
                                "Timezone",
                                "Where the schedule's hours are told.",
                                row -> row.text("spec.timeZone", Row.NONE))
                        .flag("Suspend", "Whether it pauses.", BatchColumns::suspended)
                        .number("Active", "Jobs that run now.", row -> row.count("status.active"))
                        .text(
                                "Last Schedule",
                                "Time since a job was last made.",
                                row -> row.has("status.lastScheduleTime")
                                        ? row.since("status.lastScheduleTime")
                                        : Row.NONE)
                        .age()
                        .containers("spec.jobTemplate.spec.template.spec")
                        .selector("spec.jobTemplate.spec.selector")
                        .build());
    }

    private static String suspended(Row row) {
        if (!row.has("spec.suspend")) {
            return Row.UNSET;
        }
        return row.flag("spec.suspend") ? "True" : "False";
    }

    /** What ended it, or what holds it now; a job that ends still says that it goes until a condition says how. */
    private static String status(Row job) {
        var holds = new HashSet<String>();
        for (JsonNode condition : job.at("status.conditions")) {
            if (condition.path("status").asText().equals("True")) {
                holds.add(condition.path("type").asText());
            }
        }
        if (holds.contains("Complete") || holds.contains("Failed")) {
            return holds.contains("Complete") ? "Complete" : "Failed";
        }
        if (job.has("metadata.deletionTimestamp")) {
            return "Terminating";
        }
        return Stream.of("Suspended", "FailureTarget", "SuccessCriteriaMet")
                .filter(holds::contains)
                .findFirst()
                .orElse("Running");
    }

    private static String completions(Row job) {
        long succeeded = job.number("status.succeeded");
        if (job.has("spec.completions")) {
            return succeeded + "/" + job.number("spec.completions");
        }
        long parallelism = job.number("spec.parallelism");
        return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
    }

    private static String duration(Row job) {
        return Row.time(job.at("status.startTime"))
                .map(start -> HumanDuration.of(Duration.between(
                        start, Row.time(job.at("status.completionTime")).orElse(job.now()))))
                .orElse("");
    }
}
