/**
 * The subcommands of {@code vertikube}, one class each: flags in, a cluster or an exit code out.
 *
 * <p>Enter at {@link io.vertikube.deploy.command.ServerCommand}. What they do is in the cluster package.
 */
@NullMarked
package io.vertikube.deploy.command;

import org.jspecify.annotations.NullMarked;
