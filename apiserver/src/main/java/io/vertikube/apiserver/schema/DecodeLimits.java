package io.vertikube.apiserver.schema;

/**
 * What a body may cost. Immutable.
 *
 * @param bodyBytes size of a body; Kubernetes' own limit is 3 MiB
 * @param nestingDepth objects and lists inside one another
 * @param yamlAliases uses of anchors that name a list or a map in one YAML body
 * @param yamlNodes values of a YAML body after its aliases are spelled out
 * @param strictErrors unknown and duplicate fields reported for one body
 */
public record DecodeLimits(int bodyBytes, int nestingDepth, int yamlAliases, int yamlNodes, int strictErrors) {

    public static final DecodeLimits DEFAULT = new DecodeLimits(3 * 1024 * 1024, 500, 1_000, 500_000, 100);
}
