/**
 * What a person with kubectl sees: scripts of commands and their output ({@code src/test/resources/kubectl/*.txt}), run
 * with every kubectl at hand against one cluster in this JVM. Enter at {@code KubectlScriptsTest}; a script is read by
 * {@code Script} and run by {@code ScriptRun}.
 */
@NullMarked
package io.vertikube.e2e.kubectl;

import org.jspecify.annotations.NullMarked;
