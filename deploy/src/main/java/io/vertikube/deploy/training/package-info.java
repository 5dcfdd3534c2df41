/**
 * A kubelet's training run: what a node agent's process goes through early in its life, so that the JVM can note its classes
 * and its hot code and nobody else's.
 *
 * <p>Enter at {@link io.vertikube.deploy.training.TrainNodeCommand}. Runs while the project is built; no machine is needed,
 * as the runtime only pretends.
 */
@NullMarked
package io.vertikube.deploy.training;

import org.jspecify.annotations.NullMarked;
