package io.distkv.kvctl.transfer;

import io.distkv.kvctl.Kvctl;
import io.distkv.kvctl.Progress;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.KeyScan;
import io.distkv.kvctl.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a scan over RESP: keys are listed and, if wanted, sorted; then they are read. */
final class RespExport implements EntrySource {
  private static final int SCAN_BATCH = 1000;
  private static final long SPOOL_BYTES = 64 << 20;

  private final Kvctl kvctl;
  private final Wire scanning;
  private final Exporter exporter;
  private final KeyScan scan;
  private final boolean sorted;

  RespExport(
      Kvctl kvctl,
      byte @Nullable [] glob,
      EntryWriter writer,
      Path destination,
      boolean withTtl,
      boolean sorted)
      throws ConnectionException {
    this.kvctl = kvctl;
    this.sorted = sorted;
    this.scanning = Wire.open(kvctl.target());
    this.exporter = exporter(kvctl, scanning, writer, destination, withTtl);
    this.scan = new KeyScan(scanning, glob, SCAN_BATCH);
  }

  private static Exporter exporter(
      Kvctl kvctl, Wire scanning, EntryWriter writer, Path destination, boolean withTtl)
      throws ConnectionException {
    try {
      return new Exporter(Wire.open(kvctl.target()), writer, destination, withTtl);
    } catch (ConnectionException e) {
      scanning.close();
      throw e;
    }
  }

  @Override
  public void writeAll() throws IOException {
    if (sorted) {
      writeSorted();
    } else {
      writeAsFound();
    }
  }

  private void writeAsFound() throws ConnectionException {
    try (Progress progress = new Progress(kvctl, "kvctl export", "keys", -1, " keys", 1)) {
      for (List<byte[]> keys = scan.next(); keys != null; keys = scan.next()) {
        for (int from = 0; from < keys.size(); from += Exporter.BATCH) {
          exporter.write(keys.subList(from, Math.min(keys.size(), from + Exporter.BATCH)));
        }
        progress.update(exporter.written(), exporter.written());
      }
    }
  }

  private void writeSorted() throws IOException {
    try (KeySpool spool = new KeySpool(SPOOL_BYTES)) {
      for (List<byte[]> keys = scan.next(); keys != null; keys = scan.next()) {
        keys.forEach(spool::add);
      }
      try (KeySpool.Sorted keys = spool.sorted();
          Progress progress =
              new Progress(kvctl, "kvctl export", "keys", spool.added(), " keys", 1)) {
        List<byte[]> batch = new ArrayList<>(Exporter.BATCH);
        for (byte[] key = keys.next(); key != null; key = keys.next()) {
          batch.add(key);
          if (batch.size() == Exporter.BATCH) {
            exporter.write(batch);
            progress.update(exporter.written(), exporter.written());
            batch.clear();
          }
        }
        exporter.write(batch);
        progress.update(exporter.written(), exporter.written());
      }
    }
  }

  @Override
  public long written() {
    return exporter.written();
  }

  @Override
  public long gone() {
    return exporter.gone();
  }

  @Override
  public long foreign() {
    return exporter.foreign();
  }

  @Override
  public void close() {
    exporter.close();
    scanning.close();
  }
}
