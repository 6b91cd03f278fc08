package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.platform.Lanes;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions that know a handful of commands of their own: {@code PING}; {@code ECHO x}; {@code BYTES
 * n}, a reply of that size; {@code LATER x}, an echo that comes in a later turn; {@code HOLD}, no
 * reply until {@code RELEASE} is called; {@code MUTE}, over in a later turn without a reply; {@code
 * QUIT}; {@code PROTO n}.
 */
final class FakeSessions implements RespServer.Sessions {
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger submitted = new AtomicInteger();
  final AtomicInteger mostInFlight = new AtomicInteger();
  private final Lanes lanes;
  private volatile boolean released;

  FakeSessions(Lanes lanes) {
    this.lanes = lanes;
  }

  /** Lets held requests, and those to come, be answered. */
  void release() {
    released = true;
  }

  @Override
  public Conversation open(int lane, String address, String localAddress, Output output) {
    open.incrementAndGet();
    return new Fake(lane, output);
  }

  private final class Fake implements Conversation {
    private final int lane;
    private final Output output;
    private final ArrayDeque<byte[][]> waiting = new ArrayDeque<>();
    private boolean asked;
    private boolean closed;

    Fake(int lane, Output output) {
      this.lane = lane;
      this.output = output;
    }

    @Override
    public void submit(byte[][] words) {
      if (!lanes.lanes().get(lane).inLane()) {
        throw new IllegalStateException("not on lane " + lane);
      }
      submitted.incrementAndGet();
      waiting.add(words);
      mostInFlight.accumulateAndGet(waiting.size(), Math::max);
      answer(false);
    }

    private void answer(boolean later) {
      asked &= !later;
      while (!waiting.isEmpty() && !closed) {
        byte[][] words = waiting.element();
        String name = text(words[0]);
        boolean postponed = (isLate(name) && !later) || (name.equals("HOLD") && !released);
        if (postponed) {
          askLater();
          return;
        }
        waiting.remove();
        reply(name, words);
      }
    }

    private static boolean isLate(String name) {
      return name.equals("LATER") || name.equals("MUTE");
    }

    private void askLater() {
      if (!asked) {
        asked = true;
        lanes.lanes().get(lane).schedule(1_000_000, () -> answer(true));
      }
    }

    private void reply(String name, byte[][] words) {
      switch (name) {
        case "PING" -> output.reply(new Reply.Simple("PONG"));
        case "ECHO", "LATER" -> output.reply(Reply.bulk(words[1]));
        case "HOLD" -> output.reply(Reply.OK);
        case "MUTE" -> output.unanswered();
        case "BYTES" -> output.reply(Reply.bulk(new byte[Integer.parseInt(text(words[1]))]));
        case "NULL" -> output.reply(Reply.NULL);
        case "PROTO" -> {
          output.protocol(Integer.parseInt(text(words[1])));
          output.reply(Reply.OK);
        }
        case "QUIT" -> {
          output.reply(Reply.OK);
          output.close();
        }
        default -> output.reply(Errors.invalid("unknown command"));
      }
    }

    private static String text(byte[] word) {
      return new String(word, ISO_8859_1).toUpperCase(Locale.ROOT);
    }

    @Override
    public int inFlight() {
      return waiting.size();
    }

    @Override
    public long inFlightBytes() {
      long bytes = 0;
      for (byte[][] words : waiting) {
        for (byte[] word : words) {
          bytes += word.length;
        }
      }
      return bytes;
    }

    @Override
    public long queuedBytes() {
      return 160; // no transaction, but a session is never quite nothing
    }

    @Override
    public void refuse(Reply.Failure why) {
      output.reply(why);
    }

    @Override
    public boolean shed() {
      return false;
    }

    @Override
    public void close() {
      closed = true;
      open.decrementAndGet();
    }
  }
}
