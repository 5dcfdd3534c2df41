package io.vertikube.apiserver.flow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.RequestInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The flow schemas and levels that hold now. Which flow a request belongs to is read by any thread; the rest is confined
 * to the thread of {@link FlowLoop}.
 */
final class Flows {

    private static final String EXEMPT = "exempt";
    private static final String CATCH_ALL = "catch-all";
    private static final int LAST = 10_000;
    private static final List<String> ANY = List.of("*");
    private static final List<FlowSchema.Resources> ALL_RESOURCES =
            List.of(new FlowSchema.Resources(ANY, ANY, ANY, true, ANY));
    private static final List<FlowSchema.Paths> ALL_PATHS = List.of(new FlowSchema.Paths(ANY, ANY));
    private static final double REMEMBERED = 0.977;

    private final MeterRegistry registry;
    private final int seats;
    private final Map<String, FlowMeter> meters = new HashMap<>();
    private final Map<String, Double> smooth = new HashMap<>();
    private final Map<String, List<Gauge>> gauges = new HashMap<>();
    private Map<String, Level> levels = Map.of();
    private volatile List<Flow> flows = List.of();

    /** @param seats requests at once, over all levels */
    Flows(MeterRegistry registry, int seats) {
        this.registry = registry;
        this.seats = seats;
        follow(List.of(), List.of());
    }

    /** The flow of a request; there always is one. */
    Flow of(UserInfo user, RequestInfo info) {
        List<Flow> all = flows;
        int last = all.size() - 1;
        for (int i = 0; i < last; i++) {
            Flow flow = all.get(i);
            if (flow.matches(user, info)) {
                return flow;
            }
        }
        return all.get(last);
    }

    /** Takes over what is configured now. The two of each that every server has are there even if nobody stored them. */
    void follow(Collection<FlowSchema> schemas, Collection<LevelRule> rules) {
        var known = new HashMap<String, LevelRule>();
        known.put(EXEMPT, new LevelRule(EXEMPT, "", true, 0, 0, -1, 0, 0, 0));
        known.put(CATCH_ALL, new LevelRule(CATCH_ALL, "", false, 5, 0, -1, 0, 0, 0));
        rules.forEach(rule -> known.put(rule.name(), rule));
        List<LevelRule> order = new ArrayList<>(known.values());
        List<Seats.Part> parts = Seats.parts(order, seats);
        var next = new HashMap<String, Level>();
        for (int i = 0; i < order.size(); i++) {
            next.put(order.get(i).name(), level(order.get(i), parts.get(i)));
        }
        levels.keySet().stream().filter(name -> !next.containsKey(name)).forEach(this::forget);
        levels = next;
        var matching = new ArrayList<Flow>();
        schemas.stream()
                .sorted(FlowSchema.ORDER)
                .filter(schema -> next.containsKey(schema.level()))
                .forEach(schema -> matching.add(flow(schema)));
        mandatory(EXEMPT, 1, "system:masters", matching).ifPresent(matching::addFirst);
        mandatory(CATCH_ALL, LAST, "*", matching).ifPresent(matching::add);
        flows = List.copyOf(matching);
    }

    private Optional<Flow> mandatory(String name, int precedence, String group, List<Flow> there) {
        return there.stream().anyMatch(flow -> flow.schema().name().equals(name))
                ? Optional.empty()
                : Optional.of(flow(new FlowSchema(
                        name,
                        "",
                        precedence,
                        name,
                        FlowSchema.Apart.NOTHING,
                        List.of(new FlowSchema.Rule(
                                List.of(new FlowSchema.Who.Group(group)), ALL_RESOURCES, ALL_PATHS)))));
    }

    private Level level(LevelRule rule, Seats.Part part) {
        Level known = levels.get(rule.name());
        if (known != null) {
            known.follow(rule, part);
            return known;
        }
        var level = new Level(rule, part);
        gauges.put(
                rule.name(),
                List.of(
                        gauge("current.executing.seats", level, Level::executing),
                        gauge("current.limit.seats", level, Level::limit),
                        gauge("nominal.limit.seats", level, Level::nominal),
                        gauge("lower.limit.seats", level, l -> l.part().least()),
                        gauge("upper.limit.seats", level, l -> l.part().most()),
                        gauge(
                                "demand.seats.high.watermark",
                                level,
                                l -> l.need().high()),
                        gauge("demand.seats.smoothed", level, l -> l.need().smooth()),
                        gauge("target.seats", level, Level::target)));
        return level;
    }

    /** A level that is gone is no longer told of; one that comes under its name later is another. */
    private void forget(String level) {
        smooth.remove(level);
        gauges.getOrDefault(level, List.of()).forEach(registry::remove);
        gauges.remove(level);
    }

    private Gauge gauge(String name, Level level, ToDoubleFunction<Level> value) {
        return Gauge.builder("apiserver.flowcontrol." + name, level, value)
                .tag("priority_level", level.rule().name())
                .register(registry);
    }

    private Flow flow(FlowSchema schema) {
        Level level = Objects.requireNonNull(levels.get(schema.level()));
        FlowMeter meter = meters.computeIfAbsent(
                schema.name() + " " + schema.level(), key -> new FlowMeter(registry, schema.name(), schema.level()));
        return Flow.of(schema, level, meter);
    }

    /** Gives seats that some do not use to those that were seen to want more. */
    void adjust() {
        List<Level> all = List.copyOf(levels.values());
        List<LevelRule> rules = all.stream().map(Level::rule).toList();
        var needs = new ArrayList<Seats.Need>();
        for (Level level : all) {
            double high = level.takeHigh();
            String name = level.rule().name();
            double before = smooth.getOrDefault(name, high);
            double now = Math.max(high, REMEMBERED * before + (1 - REMEMBERED) * high);
            smooth.put(name, now);
            needs.add(new Seats.Need(high, now));
        }
        int[] limits = Seats.now(rules, Seats.parts(rules, seats), needs, seats);
        for (int i = 0; i < limits.length; i++) {
            all.get(i).limit(limits[i], needs.get(i));
        }
    }
}
