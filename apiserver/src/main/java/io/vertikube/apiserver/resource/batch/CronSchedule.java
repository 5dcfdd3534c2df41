package io.vertikube.apiserver.resource.batch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a text is a schedule in cron's five fields or one of its short names ("CronJob" documentation). Pure. */
final class CronSchedule {

    private static final List<String> SHORT_NAMES =
            List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private record Field(String name, int least, int most, List<String> names, int firstName) {}

    private static final List<Field> FIELDS = List.of(
            new Field("minute", 0, 59, List.of(), 0),
            new Field("hour", 0, 23, List.of(), 0),
            new Field("day of month", 1, 31, List.of(), 0),
            new Field("month", 1, 12, MONTHS, 1),
            new Field("day of week", 0, 7, DAYS, 0));

    private CronSchedule() {}

    /** What is wrong, if anything. */
    static Optional<String> problem(String schedule) {
        if (schedule.startsWith("@")) {
            boolean known = SHORT_NAMES.contains(schedule) || schedule.startsWith("@every ");
            return known ? Optional.empty() : Optional.of("unrecognized descriptor: " + schedule);
        }
        String[] fields = schedule.strip().split("\\s+");
        if (fields.length != FIELDS.size()) {
            return Optional.of(
                    "expected exactly 5 fields, found " + fields.length + ": [" + String.join(" ", fields) + "]");
        }
        for (int i = 0; i < fields.length; i++) {
            for (String part : fields[i].split(",", -1)) {
                if (!fits(part.toLowerCase(Locale.ROOT), FIELDS.get(i))) {
                    return Optional.of("failed to parse " + FIELDS.get(i).name() + " field " + fields[i] + ": " + part
                            + " is not a value, range or step between "
                            + FIELDS.get(i).least() + " and "
                            + FIELDS.get(i).most());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean fits(String part, Field field) {
        String[] step = part.split("/", -1);
        if (step.length > 2 || (step.length == 2 && !step[1].matches("[1-9][0-9]{0,3}"))) {
            return false;
        }
        if (step[0].equals("*") || step[0].equals("?")) {
            return true;
        }
        String[] range = step[0].split("-", -1);
        if (range.length > 2) {
            return false;
        }
        int first = value(range[0], field);
        int last = range.length == 2 ? value(range[1], field) : first;
        return first >= field.least() && last <= field.most() && first <= last;
    }

    private static int value(String text, Field field) {
        int named = field.names().indexOf(text);
        if (named >= 0) {
            return named + field.firstName();
        }
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    }
}
