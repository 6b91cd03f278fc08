package io.distkv.simulation.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loads the product and the simulator once more, a defect in them: all classes of the project are
 * this loader's own, the changed ones as they were compiled, the others from the class path.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "io.distkv.";

  private final Map<String, byte[]> changed;

  MutantLoader(Map<String, byte[]> changed) {
    super(MutantLoader.class.getClassLoader());
    this.changed = changed;
  }

  /** A {@link SeedRun} among the classes of this loader. */
  @SuppressWarnings("unchecked")
  LongFunction<@Nullable String> seedRun() throws ReflectiveOperationException {
    try {
      return (LongFunction<@Nullable String>)
          loadClass(SeedRun.class.getName()).getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new AssertionError("the simulator cannot be loaded again", e.getCause());
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = changed.get(name);
    if (bytes == null) {
      String path = name.replace('.', '/') + ".class";
      try (InputStream stream = getParent().getResourceAsStream(path)) {
        if (stream == null) {
          throw new ClassNotFoundException(name);
        }
        bytes = stream.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
    return defineClass(name, bytes, 0, bytes.length);
  }
}
