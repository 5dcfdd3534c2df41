package io.vertikube.apiserver.resource.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of priority levels. Pure. */
public final class PriorityLevelStrategy implements Strategy {

    private static final long MOST_QUEUES = 10_000_000;
    private static final double MOST_ENTROPY_BITS = 60;

    @Override
    public void applyDefaults(ObjectNode level) {
        Trees.find(level, "spec").ifPresent(spec -> {
            if (spec.path("type").asText().equals("Exempt")) {
                ObjectNode exempt = Trees.object(spec, "exempt");
                Trees.setIfAbsent(exempt, "nominalConcurrencyShares", 0);
                Trees.setIfAbsent(exempt, "lendablePercent", 0);
            }
            Trees.find(spec, "limited").ifPresent(limited -> {
                Trees.setIfAbsent(limited, "nominalConcurrencyShares", 30);
                Trees.setIfAbsent(limited, "lendablePercent", 0);
                Trees.find(limited, "limitResponse", "queuing").ifPresent(queuing -> {
                    Trees.setIfAbsent(queuing, "queues", 64);
                    Trees.setIfAbsent(queuing, "handSize", 8);
                    Trees.setIfAbsent(queuing, "queueLengthLimit", 50);
                });
            });
        });
    }

    @Override
    public List<FieldError> validate(ObjectNode level) {
        var problems = new Problems();
        Place spec = Place.root(level).get("spec");
        Place limited = spec.get("limited");
        Place exempt = spec.get("exempt");
        switch (spec.text("type")) {
            case "Exempt" -> {
                if (limited.present()) {
                    problems.forbidden(limited, "must be nil if the type is not Limited");
                }
                shares(exempt, problems);
            }
            case "Limited" -> {
                if (exempt.present()) {
                    problems.forbidden(exempt, "must be nil if the type is Limited");
                }
                if (limited.present()) {
                    limited(limited, problems);
                } else {
                    problems.required(limited, "must not be empty when type is Limited");
                }
            }
            default -> problems.supported(spec.get("type"), List.of("Exempt", "Limited"));
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode level, ObjectNode old) {
        return validate(level);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode level, ObjectNode old) {
        var problems = new Problems();
        conditions(Place.root(level).get("status", "conditions"), problems);
        return problems.list();
    }

    static void conditions(Place conditions, Problems problems) {
        problems.unique(conditions.items().stream().map(c -> c.get("type")).toList());
        conditions.items().forEach(condition -> problems.require(condition.get("type"), ""));
    }

    private static void shares(Place part, Problems problems) {
        if (part.number("nominalConcurrencyShares", 0) < 0) {
            problems.invalid(part.get("nominalConcurrencyShares"), "must be a non-negative integer");
        }
        long lendable = part.number("lendablePercent", 0);
        if (lendable < 0 || lendable > 100) {
            problems.invalid(part.get("lendablePercent"), "must be between 0 and 100, inclusive");
        }
    }

    private static void limited(Place limited, Problems problems) {
        shares(limited, problems);
        if (limited.number("borrowingLimitPercent", 0) < 0) {
            problems.invalid(limited.get("borrowingLimitPercent"), "if specified, must be a non-negative integer");
        }
        Place response = limited.get("limitResponse");
        Place queuing = response.get("queuing");
        switch (response.text("type")) {
            case "Reject" -> {
                if (queuing.present()) {
                    problems.forbidden(queuing, "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (queuing.present()) {
                    queuing(queuing, problems);
                } else {
                    problems.required(queuing, "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> problems.supported(response.get("type"), List.of("Queue", "Reject"));
        }
    }

    private static void queuing(Place queuing, Problems problems) {
        for (String field : List.of("queueLengthLimit", "queues")) {
            if (queuing.number(field, 0) <= 0) {
                problems.invalid(queuing.get(field), "must be positive");
            }
        }
        long queues = queuing.number("queues", 0);
        if (queues > MOST_QUEUES) {
            problems.invalid(queuing.get("queues"), "must not be greater than " + MOST_QUEUES);
        }
        Place hand = queuing.get("handSize");
        if (hand.number(0) <= 0) {
            problems.invalid(hand, "must be positive");
        } else if (hand.number(0) > queues) {
            problems.invalid(hand, "should not be greater than queues (" + queues + ")");
        } else {
            double bits = 0;
            for (long i = 0; i < hand.number(0) && bits <= MOST_ENTROPY_BITS; i++) {
                bits += Math.log((double) (queues - i)) / Math.log(2);
            }
            if (bits > MOST_ENTROPY_BITS) {
                problems.invalid(
                        hand,
                        "required entropy bits of deckSize " + queues + " and handSize " + hand.number(0)
                                + " should not be greater than 60");
            }
        }
    }
}
