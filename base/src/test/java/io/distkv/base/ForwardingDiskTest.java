package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every call of the interfaces goes on, with its arguments, and its outcome comes back. */
class ForwardingDiskTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void everyCallOfADiskGoesOn() throws ReflectiveOperationException {
    Disk disk = new ForwardingDisk(recording(Disk.class)) {};
    assertAllForwarded(Disk.class, disk);
  }

  @Test
  void everyCallOfAFileGoesOn() throws ReflectiveOperationException {
    DiskFile file = new ForwardingDisk.File("path", recording(DiskFile.class)) {};
    assertAllForwarded(DiskFile.class, file);
  }

  @Test
  void filesAreWrappedHoweverTheyAreOpened() throws IOException {
    List<String> wrapped = new ArrayList<>();
    DiskFile own = recording(DiskFile.class);
    Disk disk =
        new ForwardingDisk(recording(Disk.class)) {
          @Override
          protected DiskFile wrap(String path, DiskFile file) {
            wrapped.add(path);
            return own;
          }
        };
    assertThat(disk.create("a")).isSameAs(own);
    assertThat(disk.open("b")).isSameAs(own);
    assertThat(disk.openReadOnly("c")).isSameAs(own);
    assertThat(wrapped).containsExactly("a", "b", "c");
  }

  private <T> void assertAllForwarded(Class<T> type, T forwarding)
      throws ReflectiveOperationException {
    T direct = recording(type);
    for (Method method : type.getMethods()) {
      Object[] arguments = arguments(method);
      Object expected = invoke(method, direct, arguments);
      Object outcome = invoke(method, forwarding, arguments);
      assertThat(calls).as(method.toString()).hasSize(2);
      assertThat(calls.get(1)).isEqualTo(calls.get(0));
      if (method.getReturnType() != DiskFile.class) {
        assertThat(outcome).as(method.toString()).isEqualTo(expected);
      }
      calls.clear();
    }
  }

  private static @Nullable Object invoke(Method method, Object target, Object[] arguments)
      throws ReflectiveOperationException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new AssertionError(method.toString(), e.getCause());
    }
  }

  private static Object[] arguments(Method method) {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      Class<?> type = method.getParameterTypes()[i];
      arguments[i] = type == long.class ? 7L + i : type == String.class ? "name" + i : BUFFER;
    }
    return arguments;
  }

  private static final ByteBuffer BUFFER = ByteBuffer.allocate(3);

  /** Remembers its calls; what it gives back depends on the method alone. */
  private <T> T recording(Class<T> type) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              calls.add(method.getName() + Arrays.toString(arguments));
              return outcome(method);
            });
    return type.cast(Objects.requireNonNull(proxy));
  }

  private @Nullable Object outcome(Method method) {
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return true;
    }
    if (type == long.class) {
      return 41L;
    }
    if (type == int.class) {
      return 42;
    }
    if (type == List.class) {
      return List.of("one");
    }
    return type == DiskFile.class ? recording(DiskFile.class) : null;
  }
}
