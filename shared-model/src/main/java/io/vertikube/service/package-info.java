/**
 * What makes a process of a component: flags and config file, logging, certificates, the endpoint with health and
 * metrics, a clean stop.
 *
 * <p>Enter at {@link io.vertikube.service.ServiceMain}. Knows nothing of what a service does.
 */
@NullMarked
package io.vertikube.service;

import org.jspecify.annotations.NullMarked;
