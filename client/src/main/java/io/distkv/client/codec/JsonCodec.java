package io.distkv.client.codec;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson 3, which must be on the class path: {@code tools.jackson.core:jackson-databind}.
 * Not for keys: the same thing may have more than one text, and the order of texts means little.
 *
 * @param <T> the type of things
 */
public final class JsonCodec<T> implements Codec<T> {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JsonCodec(ObjectWriter writer, ObjectReader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * Things of a class, by Jackson's own rules.
   *
   * @param type the class
   * @param <T> the type of things
   * @return the codec
   */
  public static <T> JsonCodec<T> of(Class<T> type) {
    return of(MAPPER, type);
  }

  /**
   * Things of a class, by a mapper's rules.
   *
   * @param mapper the mapper
   * @param type the class
   * @param <T> the type of things
   * @return the codec
   */
  public static <T> JsonCodec<T> of(JsonMapper mapper, Class<T> type) {
    return new JsonCodec<>(mapper.writerFor(type), mapper.readerFor(type));
  }

  /**
   * Things of a type with parameters, such as a list of records.
   *
   * @param mapper the mapper
   * @param type the type
   * @param <T> the type of things
   * @return the codec
   */
  public static <T> JsonCodec<T> of(JsonMapper mapper, TypeReference<T> type) {
    return new JsonCodec<>(mapper.writerFor(type), mapper.readerFor(type));
  }

  @Override
  public byte[] encode(T thing) {
    return writer.writeValueAsBytes(thing);
  }

  @Override
  public T decode(byte[] bytes) {
    try {
      return reader.readValue(bytes);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("bytes that are not the JSON expected", e);
    }
  }
}
