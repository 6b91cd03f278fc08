package io.distkv.kvctl.transfer;

import io.distkv.kvctl.text.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes entries in a form that import reads back to the same bytes. */
interface EntryWriter {
  /** Writes what comes before the first entry. */
  void begin() throws IOException;

  void write(Entry entry) throws IOException;

  /** JSONL; text where the bytes are text, Base64 where they are not or where it is wanted. */
  final class JsonLines implements EntryWriter {
    private final OutputStream out;
    private final boolean base64;
    private final JsonFactory factory = new JsonFactory();

    JsonLines(OutputStream out, boolean base64) {
      this.out = out;
      this.base64 = base64;
    }

    @Override
    public void begin() {}

    @Override
    public void write(Entry entry) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream(entry.value().length + 64);
      try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), line)) {
        json.configure(StreamWriteFeature.FLUSH_PASSED_TO_STREAM, false);
        json.writeStartObject();
        member(json, "key", entry.key());
        member(json, "value", entry.value());
        if (entry.ttlMillis() > 0) {
          json.writeNumberProperty("ttlMillis", entry.ttlMillis());
        }
        json.writeEndObject();
      }
      line.write('\n');
      line.writeTo(out);
    }

    private void member(JsonGenerator json, String name, byte[] bytes) {
      @Nullable String text = base64 ? null : Bytes.text(bytes);
      if (text == null) {
        json.writeStringProperty(name + "Base64", Base64.getEncoder().encodeToString(bytes));
      } else {
        json.writeStringProperty(name, text);
      }
    }
  }

  /** CSV with the columns key, value, ttlMillis; or keyBase64, valueBase64, ttlMillis. */
  final class Csv implements EntryWriter {
    private final OutputStream out;
    private final char delimiter;
    private final boolean header;
    private final boolean base64;

    Csv(OutputStream out, char delimiter, boolean header, boolean base64) {
      this.out = out;
      this.delimiter = delimiter;
      this.header = header;
      this.base64 = base64;
    }

    @Override
    public void begin() throws IOException {
      if (header) {
        String names = base64 ? "keyBase64,valueBase64,ttlMillis" : "key,value,ttlMillis";
        out.write(names.replace(',', delimiter).getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
      }
    }

    @Override
    public void write(Entry entry) throws IOException {
      field(entry.key());
      out.write(delimiter);
      field(entry.value());
      out.write(delimiter);
      if (entry.ttlMillis() > 0) {
        out.write(Long.toString(entry.ttlMillis()).getBytes(StandardCharsets.US_ASCII));
      }
      out.write('\n');
    }

    private void field(byte[] bytes) throws IOException {
      byte[] written = base64 ? Base64.getEncoder().encode(bytes) : bytes;
      if (needsQuotes(written)) {
        out.write('"');
        for (byte b : written) {
          if (b == '"') {
            out.write('"');
          }
          out.write(b);
        }
        out.write('"');
      } else {
        out.write(written);
      }
    }

    /** Spaces at the ends and a first byte order mark are quoted for the sake of other readers. */
    private boolean needsQuotes(byte[] bytes) {
      if (bytes.length == 0) {
        return false;
      }
      if (bytes[0] == ' ' || bytes[bytes.length - 1] == ' ' || bytes[0] == (byte) 0xef) {
        return true;
      }
      for (byte b : bytes) {
        if (b == delimiter || b == '"' || b == '\n' || b == '\r') {
          return true;
        }
      }
      return false;
    }
  }
}
