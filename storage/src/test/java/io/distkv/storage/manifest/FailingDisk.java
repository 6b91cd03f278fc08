package io.distkv.storage.manifest;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Lets every write through until it is told to fail them, or those at one place. */
final class FailingDisk {
  private final Disk inner;
  boolean failing;
  long failingAt = -1;

  FailingDisk(Disk inner) {
    this.inner = inner;
  }

  Disk disk() {
    return (Disk)
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Disk.class}, this::call);
  }

  private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
    Object result = invoke(inner, method, arguments);
    return result instanceof DiskFile file
        ? Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DiskFile.class},
            (self, called, given) -> {
              if (called.getName().equals("write") && (failing || given[1].equals(failingAt))) {
                throw new IOException("broken");
              }
              return invoke(file, called, given);
            })
        : result;
  }

  static Object invoke(Object target, Method method, Object[] given) throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
