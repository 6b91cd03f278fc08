package io.distkv.server;

import io.distkv.node.command.Reply;
import io.distkv.node.session.Session;
import io.distkv.server.resp.Conversation;

/** A session of the node as the Redis front end uses it. */
record NodeConversation(Session session) implements Conversation {

  @Override
  public void submit(byte[][] words) {
    session.submit(words);
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
