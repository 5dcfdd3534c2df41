/**
 * Training runs: what a process goes through early in its life, so that the JVM can note its classes and its hot code: a
 * whole cluster in one JVM, and an API server and a kubelet that are processes of their own and learn nothing of others'.
 *
 * <p>Enter at {@link io.vertikube.deploy.training.TrainCommand}, {@link
 * io.vertikube.deploy.training.TrainApiServerCommand} and {@link io.vertikube.deploy.training.TrainNodeCommand}. They run
 * while the project is built; no machine is needed, as the kubelet's runtime only pretends.
 */
@NullMarked
package io.vertikube.deploy.training;

import org.jspecify.annotations.NullMarked;
