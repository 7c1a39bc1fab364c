package org.vnca.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnca.data.Python;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Every array of the files that {@code scripts/make-hdf5-layouts.py} makes has the values that h5py
 * reads, or is refused where its table says so. The files of small layouts lie beside this test,
 * written by two versions of the HDF5 library; where there is an h5py, it writes all of them anew.
 */
class LayoutsTest {
  private static final int LONGEST_PIECE = 60_000;
  private static final int SHUFFLED = 500;
  private static final String SCRIPT =
      "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0],"
          + " run_name='__main__')";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"layouts-hdf5-1.10.zip, 1475", "layouts-hdf5-2.0.zip, 695"})
  void read_ofEveryLayoutBesideThisTest_agreesWithH5py(String name, int layouts)
      throws IOException {
    unpack(name);
    assertAllAgree(layouts);
  }

  @Test
  void read_ofEveryLayoutThatH5pyWritesHere_agreesWithIt() throws IOException {
    Path script = Path.of("..", "scripts", "make-hdf5-layouts.py").toAbsolutePath().normalize();
    Python.run(SCRIPT, script.toString(), folder.toString());
    assertAllAgree(1_400);
  }

  private void assertAllAgree(int least) throws IOException {
    List<String> lines =
        Files.readAllLines(folder.resolve("layouts.tsv")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    List<String> wrong = new ArrayList<>();
    for (String line : lines) {
      disagreement(Row.of(line)).ifPresent(wrong::add);
    }
    assertThat(wrong).as("%d of %d layouts", wrong.size(), lines.size()).isEmpty();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(least);
  }

  private Optional<String> disagreement(Row row) {
    String found;
    try {
      found = found(row);
    } catch (DatasetException e) {
      if (row.isRefusal(e.getMessage())) {
        return Optional.empty();
      }
      found = "refused: " + e.getMessage();
    } catch (RuntimeException | IOException e) {
      found = "failed: " + e;
    }
    return found.equals(row.wanted())
        ? Optional.empty()
        : Optional.of("%s /%s: %s, not %s".formatted(row.file, row.path, found, row.wanted()));
  }

  private String found(Row row) throws IOException {
    Path file = folder.resolve(row.file);
    try (Hdf5File hdf = Hdf5File.open("dataset " + file, file)) {
      Hdf5Array array =
          hdf.findArray(row.path).orElseThrow(() -> new IOException("there is no such array"));
      String kind = kind(array.type());
      MessageDigest digest = sha256();
      long rows = array.rows();
      int piece = 1;
      for (long first = 0; first < rows; first += piece) {
        piece = (int) Math.min(Math.min(2 * piece + 1, LONGEST_PIECE), rows - first);
        digest.update(canonical(array, kind, first, piece));
      }
      requireEqualInAnyOrder(array, rows);
      String shape =
          LongStream.of(array.shape()).mapToObj(Long::toString).collect(Collectors.joining(","));
      String hex = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
      return String.join(" ", shape, kind, hex);
    }
  }

  /** What reads batches must see the same bytes. */
  private static void requireEqualInAnyOrder(Hdf5Array array, long rows) throws IOException {
    if (rows < 1 || array.type().size() != 1 || array.type().kind() != ElementType.Kind.INTEGER) {
      return;
    }
    KeyedPermutation order = KeyedPermutation.of(1, (int) rows);
    int[] some = new int[(int) Math.min(rows, SHUFFLED)];
    Arrays.setAll(some, order::at);
    int length = (int) array.rowElements();
    byte[] together = new byte[some.length * length];
    array.bytes(some, together);
    for (int i = 0; i < some.length; i++) {
      byte[] alone = array.bytes(some[i], 1);
      if (!Arrays.equals(alone, 0, length, together, i * length, (i + 1) * length)) {
        throw new IOException("row %d alone and among others differ".formatted(some[i]));
      }
    }
  }

  private static byte[] canonical(Hdf5Array array, String kind, long first, int rows) {
    if (kind.equals("text")) {
      return String.join("", Arrays.stream(array.strings(first, rows)).map(s -> s + "\0").toList())
          .getBytes(StandardCharsets.UTF_8);
    }
    int values = Math.toIntExact(rows * array.rowElements());
    ByteBuffer bytes = ByteBuffer.allocate(values * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (kind.equals("float64")) {
      bytes.asDoubleBuffer().put(array.doubles(first, rows));
    } else {
      bytes.asLongBuffer().put(array.longs(first, rows));
    }
    return bytes.array();
  }

  private static String kind(ElementType type) {
    return switch (type.kind()) {
      case INTEGER, ENUM, BITFIELD, OTHER -> "int64";
      case FLOAT -> "float64";
      case STRING -> "text";
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void unpack(String name) throws IOException {
    try (InputStream in = LayoutsTest.class.getResourceAsStream(name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.copy(zip, folder.resolve(entry.getName()));
      }
    }
  }

  /** A line of the table. */
  private record Row(
      String file, String path, String shape, String kind, String verdict, String digest) {
    static Row of(String line) {
      String[] cells = line.split("\t", -1);
      assertThat(cells).hasSize(6);
      return new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
    }

    String wanted() {
      return verdict.startsWith("refuse:")
          ? "a refusal with '%s'".formatted(word())
          : String.join(" ", shape, kind, digest);
    }

    /** Refusals name the file and the place, and say why. */
    boolean isRefusal(String message) {
      return !verdict.equals("read") && message.contains(".h5") && message.contains(word());
    }

    private String word() {
      return verdict.substring(verdict.indexOf(':') + 1);
    }
  }
}
