package io.distkv.bench.raft;

import io.distkv.base.Transport;
import io.distkv.platform.Lanes;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Frames over loopback between nodes of this process, each way on a connection of its own, served
 * by the sender's and the receiver's lane. A frame is its length (4 bytes) and its bytes; the first
 * one of a connection is the id of its sender.
 */
final class LoopbackTransport implements Transport {
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int MOST_FRAME_BYTES = 64 << 20;
  private static final int MOST_WAITING_BYTES = 64 << 20;

  private final long self;
  private final Lanes lanes;
  private final Channel listener;
  private volatile SortedMap<Long, Channel> others = new TreeMap<>();
  private volatile Receiver receiver = (_, _) -> {};

  /** Begins to listen, on a free port. */
  LoopbackTransport(long self, Lanes lanes) throws IOException {
    this.self = self;
    this.lanes = lanes;
    listener =
        new ServerBootstrap()
            .group(lanes.eventLoops())
            .channel(lanes.serverSocketType())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(decoder(), new Incoming());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  private static LengthFieldBasedFrameDecoder decoder() {
    return new LengthFieldBasedFrameDecoder(MOST_FRAME_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Connects to all others; before the node starts. */
  void connect(Map<Long, InetSocketAddress> addresses) {
    SortedMap<Long, Channel> connected = new TreeMap<>();
    addresses.forEach((id, address) -> {
      if (id != self) {
        connected.put(id, connect(address));
      }
    });
    others = connected;
  }

  private Channel connect(InetSocketAddress address) {
    Channel channel =
        new Bootstrap()
            .group(lanes.eventLoops())
            .channel(lanes.socketType())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(MOST_WAITING_BYTES / 2, MOST_WAITING_BYTES))
            .handler(new ChannelInboundHandlerAdapter())
            .connect(address)
            .syncUninterruptibly()
            .channel();
    ByteBuf greeting = channel.alloc().buffer(LENGTH_BYTES + Long.BYTES);
    channel.writeAndFlush(greeting.writeInt(Long.BYTES).writeLong(self)).syncUninterruptibly();
    return channel;
  }

  @Override
  public void send(long node, byte[] frame) {
    Channel channel = others.get(node);
    if (channel != null && channel.isWritable()) {
      ByteBuf bytes = channel.alloc().buffer(LENGTH_BYTES + frame.length);
      channel
          .writeAndFlush(bytes.writeInt(frame.length).writeBytes(frame))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  @Override
  public void receiver(Receiver newReceiver) {
    receiver = newReceiver;
  }

  /** What comes from one other node. */
  private final class Incoming extends SimpleChannelInboundHandler<ByteBuf> {
    private long from;

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      if (from == 0) {
        from = frame.readLong();
        return;
      }
      byte[] bytes = new byte[frame.readableBytes()];
      frame.readBytes(bytes);
      receiver.received(from, bytes);
    }
  }
}
