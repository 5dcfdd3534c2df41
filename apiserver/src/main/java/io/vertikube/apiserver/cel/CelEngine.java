package io.vertikube.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import io.vertikube.apiserver.openapi.Once;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Compiles expressions for the variables that it is told and runs them within a budget. Made when the first expression
 * comes (some tenths of a second); an expression then costs about a millisecond to compile and microseconds to run. What
 * evaluates is made beside, once the first expression has been compiled. Immutable to the eye, safe for any thread.
 */
public final class CelEngine {

    /** Overloads of the standard that are done here, because their work has to be counted or lists may be sets. */
    private static final Set<String> REPLACED =
            Set.of("EQUALS", "NOT_EQUALS", "ADD_LIST", "IN_LIST", "CONTAINS_STRING", "MATCHES", "MATCHES_STRING");

    private final CelLimits limits;
    private final CelCompiler compiler;
    private final Once<CelRuntime> runtime;
    private final AtomicBoolean used = new AtomicBoolean();

    /** An expression that does not compile; the message is the compiler's. */
    public static final class Invalid extends Exception {

        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    public CelEngine(CelLimits limits) {
        this.limits = limits;
        CelOptions options = CelOptions.current()
                .enableOptionalSyntax(true)
                .enableHeterogeneousNumericComparisons(true)
                .comprehensionMaxIterations((int) limits.perCall())
                .maxExpressionCodePointSize(limits.expressionLength())
                .maxParseRecursionDepth(limits.depth())
                .maxRegexProgramSize(10_000)
                .build();
        List<Function> functions = new ArrayList<>(TextFunctions.kubernetes());
        functions.addAll(StringFunctions.all());
        functions.addAll(ListFunctions.all());
        functions.addAll(NetworkFunctions.all());
        functions.addAll(ValueFunctions.all());
        functions.addAll(AuthorizerFunctions.all());
        functions.add(Constructed.escapeKey());
        Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
        functions.forEach(f ->
                overloads.computeIfAbsent(f.name(), name -> new ArrayList<>()).add(f.declaration()));
        List<CelFunctionDecl> declarations = new ArrayList<>();
        overloads.forEach((name, all) -> declarations.add(CelFunctionDecl.newFunctionDeclaration(name, all)));
        List<CelFunctionBinding> bindings = new ArrayList<>();
        functions.forEach(f -> bindings.add(f.binding()));
        TextFunctions.standard().forEach(f -> bindings.add(f.binding()));
        bindings.addAll(equality());
        CelStringExtensions strings = CelExtensions.strings(
                CelStringExtensions.Function.CHAR_AT,
                CelStringExtensions.Function.LOWER_ASCII,
                CelStringExtensions.Function.QUOTE,
                CelStringExtensions.Function.REVERSE,
                CelStringExtensions.Function.SUBSTRING,
                CelStringExtensions.Function.TRIM,
                CelStringExtensions.Function.UPPER_ASCII);
        this.compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.optional(), strings, CelExtensions.bindings(), CelExtensions.comprehensions())
                .addFunctionDeclarations(declarations)
                .build();
        this.runtime = new Once<>(() -> CelRuntimeFactory.legacyCelRuntimeBuilder()
                .setOptions(options)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .filterFunctions((function, overload) -> !REPLACED.contains(((Enum<?>) overload).name()))
                        .build())
                .addLibraries(CelExtensions.optional(), strings, CelExtensions.comprehensions())
                .addFunctionBindings(bindings)
                .build());
    }

    private static List<CelFunctionBinding> equality() {
        return List.of(
                CelFunctionBinding.from("equals", Object.class, Object.class, Same::equal),
                CelFunctionBinding.from("not_equals", Object.class, Object.class, (a, b) -> !Same.equal(a, b)),
                CelFunctionBinding.from(
                        "in_list", Object.class, List.class, (value, list) -> Same.contains(list, value)),
                CelFunctionBinding.from("add_list", List.class, List.class, (a, b) -> Same.sum(a, b)));
    }

    /** Whoever compiles will soon evaluate: the half of the engine that does it is made ready meanwhile. */
    private void prepare() {
        if (used.compareAndSet(false, true)) {
            Thread.ofVirtual().name("expressions").start(runtime::get);
        }
    }

    public CelLimits limits() {
        return limits;
    }

    /** An environment whose expressions may use these variables. */
    public Environment environment(Map<String, CelType> variables, Map<String, CelType> types) {
        Map<String, CelType> byName = Map.copyOf(types);
        return environment(variables, name -> Optional.ofNullable(byName.get(name)));
    }

    /** The same, with types that are looked up as expressions name them. */
    Environment environment(Map<String, CelType> variables, TypesByName types) {
        var builder = compiler.toCompilerBuilder().setTypeProvider(new Provider(types));
        variables.forEach(builder::addVar);
        return new Environment(this, builder.build(), types);
    }

    /** An environment in which nothing is known of any variable. */
    public Environment dynamicEnvironment(Set<String> variables) {
        Map<String, CelType> types = new LinkedHashMap<>();
        variables.forEach(name -> types.put(name, SimpleType.DYN));
        return environment(types, Map.of());
    }

    /** Variables with their types. Immutable. */
    public record Environment(CelEngine engine, CelCompiler compiler, TypesByName types) {

        /** @throws Invalid if it does not parse or its types do not fit */
        public Expression compile(String text) throws Invalid {
            return compile(text, false);
        }

        /**
         * The same for an expression that may construct objects: {@code Object{…}} and {@code JSONPatch{…}}.
         *
         * @throws Invalid if it does not parse or its types do not fit
         */
        public Expression compileConstructing(String text) throws Invalid {
            return compile(text, true);
        }

        private Expression compile(String text, boolean constructing) throws Invalid {
            try {
                CelValidationResult result = constructing ? checked(text) : compiler.compile(text);
                if (result.hasError()) {
                    throw new Invalid(result.getErrorString());
                }
                CelAbstractSyntaxTree tree = constructing ? Constructed.asMaps(result.getAst()) : result.getAst();
                engine.prepare();
                return new Expression(tree, engine.runtime);
            } catch (CelValidationException e) {
                throw new Invalid(String.valueOf(e.getMessage()));
            } catch (StackOverflowError e) {
                throw new Invalid("ERROR: <input>:1:1: expression is nested too deeply");
            }
        }

        private CelValidationResult checked(String text) throws CelValidationException {
            CelValidationResult parsed = compiler.parse(text);
            if (parsed.hasError()) {
                return parsed;
            }
            TypesByName made = Constructed.types(parsed.getAst());
            return compiler.toCompilerBuilder()
                    .setTypeProvider(new Provider(name -> types.find(name).or(() -> made.find(name))))
                    .build()
                    .check(parsed.getAst());
        }
    }

    /** Types that expressions may name or reach. */
    @FunctionalInterface
    public interface TypesByName {

        Optional<CelType> find(String name);
    }

    @SuppressWarnings("Immutable") // what is looked up does not change
    private record Provider(TypesByName byName) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return byName.find(name);
        }
    }
}
