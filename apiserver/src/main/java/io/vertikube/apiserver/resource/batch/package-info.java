/**
 * Rules of jobs and cron jobs. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.batch;

import org.jspecify.annotations.NullMarked;
