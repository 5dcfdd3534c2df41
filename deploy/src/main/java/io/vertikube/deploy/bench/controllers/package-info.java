/**
 * {@code deploy/bench controllers}: how fast the controllers make, roll and delete pods, and at what price in CPU time
 * and API writes.
 */
@NullMarked
package io.vertikube.deploy.bench.controllers;

import org.jspecify.annotations.NullMarked;
