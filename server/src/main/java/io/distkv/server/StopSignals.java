package io.distkv.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * SIGTERM and SIGINT. A shutdown hook would not do: it cannot choose the exit status, nor hear a
 * second signal.
 *
 * <p>The JDK's only way to a signal is {@code sun.misc.Signal}, supported for want of another (JEP
 * 260) but not compiled against without a warning; hence the reflection.
 */
final class StopSignals {

  private StopSignals() {}

  /** Has {@code onSignal} called on a thread of the JVM for every such signal from now on. */
  static void handle(Runnable onSignal) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object calling =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                  throw new UnsupportedOperationException(method.getName());
                }
                onSignal.run();
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), calling);
      }
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the JVM does not give up its stop signals", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }
}
