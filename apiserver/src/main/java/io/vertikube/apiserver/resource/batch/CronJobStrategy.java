package io.vertikube.apiserver.resource.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.PodTemplateRules;
import io.vertikube.apiserver.resource.core.pod.TemplateWarnings;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.CronSchedule;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of cron jobs. Pure. */
public final class CronJobStrategy implements Strategy {

    private static final Pattern ZONE = Pattern.compile("^(CRON_)?TZ=\\S+\\s+");

    /** A job's name is the cron job's and eleven characters more. */
    private static final int MAX_NAME = 52;

    @Override
    public void applyDefaults(ObjectNode cronJob) {
        Trees.find(cronJob, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "concurrencyPolicy", "Allow");
            Trees.setIfAbsent(spec, "suspend", false);
            Trees.setIfAbsent(spec, "successfulJobsHistoryLimit", 3);
            Trees.setIfAbsent(spec, "failedJobsHistoryLimit", 1);
            Trees.find(spec, "jobTemplate", "spec").ifPresent(job -> {
                FailurePolicyRules.applyDefaults(job);
                PodTemplateRules.applyDefaults(job, "template");
            });
        });
    }

    @Override
    public void prepareForCreate(ObjectNode cronJob) {
        cronJob.putObject("status");
    }

    @Override
    public List<FieldError> validate(ObjectNode cronJob) {
        var problems = new Problems();
        Place name = Place.root(cronJob).get("metadata", "name");
        if (name.text().length() > MAX_NAME) {
            problems.invalid(name, "must be no more than " + MAX_NAME + " characters");
        }
        Place spec = Place.root(cronJob).get("spec");
        Place schedule = spec.get("schedule");
        if (problems.require(schedule, "")) {
            try {
                CronSchedule.parse(ZONE.matcher(schedule.text()).replaceFirst(""));
            } catch (IllegalArgumentException e) {
                problems.invalid(schedule, String.valueOf(e.getMessage()));
            }
            if (schedule.text().contains("TZ")) {
                problems.invalid(schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            }
        }
        problems.notNegative(spec.get("startingDeadlineSeconds"));
        Place policy = spec.get("concurrencyPolicy");
        if (problems.require(policy, "")) {
            problems.supported(policy, List.of("Allow", "Forbid", "Replace"));
        }
        timeZone(spec.get("timeZone"), problems);
        problems.notNegative(spec.get("successfulJobsHistoryLimit"));
        problems.notNegative(spec.get("failedJobsHistoryLimit"));
        Place template = spec.get("jobTemplate");
        ObjectMetaRules.labels(template.get("metadata", "labels"), problems);
        if (template.get("spec").is("manualSelector")) {
            problems.supported(template.get("spec", "manualSelector"), List.of("nil", "false"));
        }
        JobStrategy.validateSpec(template.get("spec"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode cronJob, ObjectNode old) {
        return validate(cronJob);
    }

    private static void timeZone(Place zone, Problems problems) {
        if (!zone.present()) {
            return;
        }
        if (zone.text().isEmpty()) {
            problems.invalid(zone, "timeZone must be nil or non-empty string");
        } else if (zone.text().equalsIgnoreCase("Local")) {
            problems.invalid(
                    zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        } else {
            try {
                ZoneId.of(zone.text());
            } catch (DateTimeException e) {
                problems.invalid(zone, "unknown time zone " + zone.text());
            }
        }
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("spec", "jobTemplate", "spec", "template"));
    }
}
