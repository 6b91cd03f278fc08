package io.distkv.server;

import io.distkv.node.command.Reply;
import io.distkv.node.session.Session;
import io.distkv.server.resp.Conversation;
import io.distkv.server.trace.RequestTrace;
import io.distkv.server.trace.Tracing;

/** A session of the node as the Redis front end uses it. */
record NodeConversation(Session session, Tracing tracing) implements Conversation {

  @Override
  public void submit(byte[][] words) {
    RequestTrace trace = tracing.begin("resp");
    session.submit(words, trace == null ? null : trace::endWith);
  }

  @Override
  public int inFlight() {
    return session.inFlight();
  }

  @Override
  public long inFlightBytes() {
    return session.inFlightBytes();
  }

  @Override
  public long queuedBytes() {
    return session.queuedBytes();
  }

  @Override
  public void refuse(Reply.Failure why) {
    session.refuse(why);
  }

  @Override
  public boolean shed() {
    return session.shed();
  }

  @Override
  public void close() {
    session.close();
  }
}
