package io.distkv.storage.manifest;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has only what was synced. */
final class PoweredDisk {
  private final Disk inner;

  PoweredDisk(Disk inner) {
    this.inner = inner;
  }

  Disk disk() {
    return (Disk)
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Disk.class}, this::call);
  }

  private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
    Object result = FailingDisk.invoke(inner, method, arguments);
    return result instanceof DiskFile file && !method.getName().equals("openReadOnly")
        ? Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {DiskFile.class}, new Cached(file))
        : result;
  }

  /** Keeps what is written until it is synced. */
  private static final class Cached implements InvocationHandler {
    private final DiskFile file;
    private final List<Write> written = new ArrayList<>();

    Cached(DiskFile file) {
      this.file = file;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object[] given) throws Throwable {
      if (method.getName().equals("write")) {
        ByteBuffer bytes = (ByteBuffer) given[0];
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        written.add(new Write(copy, (Long) given[1]));
        return null;
      }
      if (method.getName().equals("sync")) {
        for (Write write : written) {
          file.write(ByteBuffer.wrap(write.bytes), write.position);
        }
        written.clear();
      }
      return FailingDisk.invoke(file, method, given);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Write(byte[] bytes, long position) {}
  }
}
