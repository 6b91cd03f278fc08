package io.distkv.contract;

import com.google.protobuf.ByteString;

/** A word of an answer, as scenarios write it. */
sealed interface Word {

  /** The beginning of a further line. */
  Word NEW_LINE = new Plain("\n");

  /** A word that stands for itself. */
  record Plain(String text) implements Word {
    @Override
    public String toString() {
      return equals(NEW_LINE) ? "\n " : text;
    }
  }

  /** A key or value. */
  record Bytes(ByteString bytes) implements Word {
    @Override
    public String toString() {
      return Literal.print(bytes);
    }
  }

  /** A version, {@link Answer#UNTOLD_VERSION} where a door does not tell it. */
  record Version(long version) implements Word {
    @Override
    public String toString() {
      return version == Answer.UNTOLD_VERSION ? "v?" : "v" + version;
    }
  }

  /** The milliseconds that are left of a life. */
  record LifeLeft(long millis) implements Word {
    @Override
    public String toString() {
      return millis == Answer.UNTOLD_LIFE ? "ttl~?" : "ttl~" + millis + "ms";
    }
  }
}
