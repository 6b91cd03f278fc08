package io.distkv.simulation.disk;

import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;

/** One opening of a file on a {@link SimulatedDisk}. It dies with the process that opened it. */
final class SimulatedFile implements DiskFile {
  private final SimulatedDisk disk;
  private final String path;
  private final Inode inode;
  private final boolean writable;
  private final long bootCount;
  private boolean open = true;

  SimulatedFile(SimulatedDisk disk, String path, Inode inode, boolean writable, long bootCount) {
    this.disk = disk;
    this.path = path;
    this.inode = inode;
    this.writable = writable;
    this.bootCount = bootCount;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    requireOpen();
    return disk.read(path, inode, target, position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    requireOpen();
    requireWritable();
    disk.write(path, inode, source, position);
  }

  @Override
  public void sync() throws IOException {
    requireOpen();
    disk.sync(path, inode);
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return inode.size();
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      disk.closed(inode, bootCount);
    }
  }

  private void requireOpen() throws IOException {
    disk.requireBoot(bootCount, path);
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  private void requireWritable() {
    if (!writable) {
      throw new NonWritableChannelException();
    }
  }
}
