package io.distkv.kvctl.transfer;

import io.distkv.kvctl.LocalFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of keys in bounded memory and drops repeated ones: keys gather in memory; when
 * they get too many they are sorted and written to a temporary file, and all such runs are merged
 * in the end. Order is that of unsigned bytes.
 */
final class KeySpool implements Closeable {
  private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

  /** What an array costs beside its bytes: header, padding, and the reference to it. */
  private static final int OVERHEAD_BYTES = 24;

  private final long memoryBytes;
  private final List<Path> runs = new ArrayList<>();
  private List<byte[]> gathered = new ArrayList<>();
  private long gatheredBytes;
  private long added;
  private @Nullable Path folder;

  /** A spool that holds about so many bytes in memory. */
  KeySpool(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  void add(byte[] key) {
    gathered.add(key);
    gatheredBytes += key.length + OVERHEAD_BYTES;
    added++;
    if (gatheredBytes > memoryBytes) {
      try {
        spill();
      } catch (IOException e) {
        throw LocalFiles.failure("write temporary files in", temporary(), e);
      }
    }
  }

  /** How many keys were added, repeated ones included. */
  long added() {
    return added;
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private void spill() throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("kvctl-export-");
    }
    gathered.sort(ORDER);
    Path run = folder.resolve("run" + runs.size());
    runs.add(run);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16))) {
      for (byte[] key : gathered) {
        out.writeInt(key.length);
        out.write(key);
      }
    }
    gathered = new ArrayList<>();
    gatheredBytes = 0;
  }

  /** The keys in order, each once. No key may be added any more. */
  Sorted sorted() throws IOException {
    gathered.sort(ORDER);
    List<Source> sources = new ArrayList<>();
    sources.add(new Memory(gathered));
    for (Path run : runs) {
      sources.add(new Run(run));
    }
    return new Sorted(sources);
  }

  @Override
  public void close() throws IOException {
    for (Path run : runs) {
      Files.deleteIfExists(run);
    }
    if (folder != null) {
      Files.deleteIfExists(folder);
    }
  }

  /** The merged keys. */
  static final class Sorted implements Closeable {
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    private record Head(byte[] key, Source source) {}

    private final List<Source> sources;
    private final PriorityQueue<Head> heads =
        new PriorityQueue<>((a, b) -> ORDER.compare(a.key(), b.key()));
    private byte @Nullable [] last;

    private Sorted(List<Source> sources) throws IOException {
      this.sources = sources;
      for (Source source : sources) {
        push(source);
      }
    }

    private void push(Source source) throws IOException {
      byte[] key = source.next();
      if (key != null) {
        heads.add(new Head(key, source));
      }
    }

    /** The next key, or null behind the last. */
    byte @Nullable [] next() throws IOException {
      for (Head head = heads.poll(); head != null; head = heads.poll()) {
        push(head.source());
        if (last == null || !Arrays.equals(last, head.key())) {
          last = head.key();
          return head.key();
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      for (Source source : sources) {
        source.close();
      }
    }
  }

  private interface Source extends Closeable {
    byte @Nullable [] next() throws IOException;
  }

  private static final class Memory implements Source {
    private final List<byte[]> keys;
    private int position;

    Memory(List<byte[]> keys) {
      this.keys = keys;
    }

    @Override
    public byte @Nullable [] next() {
      return position < keys.size() ? keys.get(position++) : null;
    }

    @Override
    public void close() {}
  }

  private static final class Run implements Source {
    private final DataInputStream in;

    Run(Path path) throws IOException {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      int length;
      try {
        length = in.readInt();
      } catch (EOFException e) {
        return null;
      }
      return in.readNBytes(length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
