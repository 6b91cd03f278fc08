package io.distkv.server.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A connection on which calls are made by hand, a piece at a time, as no client would make them.
 */
final class RawStreams implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel connection;

  RawStreams(InetSocketAddress address) throws InterruptedException {
    connection =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().build());
                    channel
                        .pipeline()
                        .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect(address)
            .sync()
            .channel();
  }

  /** One call. */
  static final class Call {
    private final Http2StreamChannel stream;
    private final CompletableFuture<String> status;

    private Call(Http2StreamChannel stream, CompletableFuture<String> status) {
      this.stream = stream;
      this.status = status;
    }

    /** Sends bytes as they are, and perhaps the end of all. */
    Call send(byte[] bytes, boolean last) {
      ByteBuf data = Unpooled.wrappedBuffer(bytes);
      var _ = stream.writeAndFlush(new DefaultHttp2DataFrame(data, last));
      return this;
    }

    /** The head of a message that has so many bytes. */
    Call announce(int bytes) {
      return send(Unpooled.buffer(5).writeByte(0).writeInt(bytes).array(), false);
    }

    void reset() {
      var _ = stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }

    /** The number of the status that the call ends with, or how its stream ended without one. */
    String status() throws Exception {
      return status.get(30, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
      return status.isDone();
    }
  }

  /** Begins a call of a method. */
  Call begin(String path) throws Exception {
    return begin(
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .authority("localhost")
            .path(path)
            .add("content-type", "application/grpc")
            .add("te", "trailers"));
  }

  /** Begins a call with headers of one's own. */
  Call begin(Http2Headers headers) throws Exception {
    CompletableFuture<String> status = new CompletableFuture<>();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Answers(status))
            .open()
            .sync()
            .getNow();
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, false)).sync();
    return new Call(stream, status);
  }

  /** Looks for the status. */
  private static final class Answers extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> status;

    Answers(CompletableFuture<String> status) {
      this.status = status;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      if (frame instanceof Http2HeadersFrame headers && headers.isEndStream()) {
        CharSequence number = headers.headers().get("grpc-status");
        status.complete(number == null ? "http " + headers.headers().status() : number.toString());
      } else if (frame instanceof Http2ResetFrame) {
        status.complete("reset");
      }
      ReferenceCountUtil.release(frame);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      status.complete("closed");
    }
  }

  @Override
  public void close() {
    connection.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
