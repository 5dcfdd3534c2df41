package io.vertikube.apiserver.cel;

/**
 * What expressions may cost, in the units of Kubernetes: about one for each step of an evaluation ("Resource use by
 * validation functions" in the documentation). Immutable.
 *
 * @param perRule what a rule may cost at most, estimated from the sizes its schema allows
 * @param perDefinition what all rules of a schema may cost together, estimated
 * @param perCall what one evaluation may cost
 * @param perObject what all evaluations for one object may cost together; of a policy for one request
 * @param conditions what the match conditions of a webhook or policy may cost together
 * @param requestBytes how large an object can be at most
 * @param expressionLength how many characters an expression may have
 * @param depth how deep an expression may be nested
 */
public record CelLimits(
        long perRule,
        long perDefinition,
        long perCall,
        long perObject,
        long conditions,
        long requestBytes,
        int expressionLength,
        int depth) {

    public static final CelLimits DEFAULT =
            new CelLimits(10_000_000, 100_000_000, 1_000_000, 10_000_000, 2_500_000, 3 * 1024 * 1024, 100_000, 64);
}
