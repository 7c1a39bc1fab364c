package org.vnca.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.data.fault.DatasetException;

/** Files with some bytes changed are read, or refused in one line; nothing else may come. */
class DamagedFilesTest {
  private static final int CHANGED_FILES = 150;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "tiles",
        "user_block",
        "hole_latest",
        "implicit_latest",
        "links",
        "lzf_fletcher",
        "several_unlimited_latest",
        "neighbours",
        "attributes",
        "orders"
      })
  void walk_overChangedBytes_readsOrRefusesInOneLine(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(fixture(name));
    Random random = new Random(name.hashCode());
    Path file = folder.resolve("changed.h5");
    for (int i = 0; i < CHANGED_FILES; i++) {
      byte[] changed = bytes.clone();
      int changes = 1 + random.nextInt(6);
      for (int j = 0; j < changes; j++) {
        // Structure lies mostly at the beginning and the end.
        int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 3000);
        byte value = (byte) (random.nextInt(3) == 0 ? -1 : random.nextInt(256));
        changed[random.nextInt(reach)] = value;
      }
      Files.write(file, changed);
      Assertions.assertTimeoutPreemptively(PATIENCE, () -> requireReadOrRefused(file));
    }
  }

  @Test
  void read_ofALengthThatNoFileCanHold_isRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(fixture("extendible"));
    // The first axis, 70, of the shape of the images; its limit is none.
    int at = indexOf(bytes, new byte[] {70, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0});
    bytes[at + 4] = 1;
    Path file = Files.write(folder.resolve("long.h5"), bytes);
    try (Hdf5File hdf = Hdf5File.open("dataset long.h5", file)) {
      Hdf5Array images = hdf.findArray("train/images").orElseThrow();
      assertThatThrownBy(() -> images.longs(0, 1))
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining(
              "/train/images claims to be [4294967366, 6, 5, 3], far more than a file of");
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at < bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new IllegalArgumentException("the part is not there");
  }

  @Test
  void walk_overEveryTruncation_refuses() throws Exception {
    byte[] bytes = Files.readAllBytes(fixture("links"));
    Path file = folder.resolve("cut.h5");
    for (int length = 0; length < bytes.length; length += 97) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatCode(() -> walk(file))
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining("cut.h5");
    }
  }

  private static void requireReadOrRefused(Path file) {
    try {
      walk(file);
    } catch (DatasetException e) {
      assertThat(e.getMessage()).contains("changed.h5").doesNotContain("\n");
    }
  }

  private static void walk(Path file) {
    try (Hdf5File hdf = Hdf5File.open("dataset " + file.getFileName(), file)) {
      try {
        hdf.attribute("name");
      } catch (DatasetException e) {
        assertThat(e.getMessage()).contains("the attribute name");
      }
      walk(hdf.root(), new HashSet<>());
    }
  }

  private static void walk(Hdf5Group group, Set<Object> seen) {
    if (!seen.add(group.identity())) {
      return;
    }
    for (String name : group.names()) {
      Hdf5Node node = group.child(name).orElseThrow();
      if (node instanceof Hdf5Group below) {
        walk(below, seen);
      } else if (node instanceof Hdf5Array array) {
        try {
          read(array);
        } catch (DatasetException e) {
          assertThat(e.getMessage()).contains(array.path()).doesNotContain("\n");
        }
      }
    }
  }

  private static void read(Hdf5Array array) {
    int rows = (int) Math.min(200, array.rows());
    if (array.rowElements() > 1 << 20) {
      return; // more fill values than a test has time for
    }
    switch (array.type().kind()) {
      case INTEGER, ENUM, BITFIELD -> array.longs(0, rows);
      case FLOAT -> array.doubles(0, rows);
      case STRING -> array.strings(0, rows);
      case OTHER -> assertThat(array.type().name()).isNotBlank();
    }
  }

  private static Path fixture(String name) {
    try {
      return Path.of(
          DamagedFilesTest.class.getResource("/org/vnca/data/h5py/" + name + ".h5").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
