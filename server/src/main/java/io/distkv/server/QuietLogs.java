package io.distkv.server;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.distkv.server.config.LogFormat;
import io.distkv.server.config.LogLevel;

/**
 * How logs look until the configuration has been read. Being found by logback as a service, it also
 * keeps logback from looking for files on the class path.
 */
public final class QuietLogs extends ContextAwareBase implements Configurator {

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logs.configure(context, LogFormat.TEXT, LogLevel.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
