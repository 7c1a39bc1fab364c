package org.vnca.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vnca.base.file.WholeFile;

/** Files that are whole at every moment, and on disk when a method returns. */
final class Durable {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // What is nearly right was not written by this program, and is not guessed at.
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private Durable() {}

  /** Puts JSON in place, atomically. */
  static void replaceJson(Path file, Object value) throws IOException {
    WholeFile.write(file, json(value) + "\n");
  }

  /** Writes a new file, and forces it to disk. */
  static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      WholeFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
  }

  /**
   * Reads JSON that this program wrote.
   *
   * @throws IOException if it cannot be read, is no JSON, or lacks what it must have; the message
   *     says where, in words for people
   */
  static <T> T readJson(Path file, Class<T> type) throws IOException {
    try {
      T value = JSON.readValue(Files.readAllBytes(file), type);
      if (value == null) {
        throw new IOException("it is empty");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IOException(fault(e), e);
    }
  }

  /** Where JSON is damaged. The library's own words are about classes and tokens. */
  static String fault(JsonProcessingException e) {
    if (e instanceof JsonMappingException binding && !binding.getPath().isEmpty()) {
      String key =
          binding.getPath().stream()
              .map(part -> part.getFieldName() == null ? "" : part.getFieldName())
              .filter(name -> !name.isEmpty())
              .collect(Collectors.joining("."));
      return key.isEmpty() ? "a value is not as it was written" : "its " + key + " is damaged";
    }
    if (e instanceof DatabindException) {
      return e.getCause() instanceof IllegalArgumentException rule
          ? rule.getMessage()
          : "it lacks what it must have";
    }
    return e.getLocation() == null
        ? "it is no JSON"
        : "line %d is no JSON".formatted(e.getLocation().getLineNr());
  }

  static String json(Object value) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  /** A number as JSON keeps it: one that is not finite is text there. */
  static Optional<Number> number(Object value) {
    if (value instanceof Number number) {
      return Optional.of(number);
    }
    return value instanceof String text && NOT_FINITE.contains(text)
        ? Optional.of(Double.valueOf(text))
        : Optional.empty();
  }

  /** Deletes a file, or a directory with all that is in it; nothing there is fine. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException fault)
              throws IOException {
            if (fault != null) {
              throw fault;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
