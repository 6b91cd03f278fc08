/** What the client tells OpenTelemetry. Needs opentelemetry-api on the class path. */
@NullMarked
package io.distkv.client.opentelemetry;

import org.jspecify.annotations.NullMarked;
