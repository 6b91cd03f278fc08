package io.distkv.platform;

import io.distkv.base.DiskFullException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Tells a full disk from other I/O errors. The JDK throws a plain {@link IOException} for it, whose
 * message is the C library's text for the error number in the language of the process; so the same
 * texts are asked of the C library, once, and compared.
 */
final class DiskErrors {
  private static final int ENOSPC = 28;
  private static final int EDQUOT =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac") ? 69 : 122;
  private static final Set<String> FULL_DISK_TEXTS = fullDiskTexts();

  private DiskErrors() {}

  /** The error to throw for one that an operation on {@code path} ended with. */
  static IOException translate(String path, IOException error) {
    String message = error.getMessage();
    if (message != null && FULL_DISK_TEXTS.stream().anyMatch(message::contains)) {
      return new DiskFullException(path, error);
    }
    // What the channel says of a failed read, write or sync names no file.
    return message != null && error.getClass() == IOException.class
        ? new IOException(path + ": " + message, error)
        : error;
  }

  private static Set<String> fullDiskTexts() {
    Set<String> texts = new LinkedHashSet<>();
    texts.add("No space left on device");
    texts.add("Disk quota exceeded");
    texts.add(errorText(ENOSPC));
    texts.add(errorText(EDQUOT));
    return texts;
  }

  // Native access is granted to the whole node on its command line.
  @SuppressWarnings("restricted")
  private static String errorText(int errorNumber) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().findOrThrow("strerror");
    FunctionDescriptor signature = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text =
          (MemorySegment) linker.downcallHandle(function, signature).invokeExact(errorNumber);
      return text.reinterpret(1024, arena, null).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException("strerror(" + errorNumber + ") cannot be called", e);
    }
  }
}
