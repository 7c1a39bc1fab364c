package org.vnca.data.imports;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibWebpTest {
  @TempDir Path temporary;

  @Test
  void folderOfAKilledProcess_isDeletedLater_aYoungOneAndOthersStay() throws IOException {
    Instant now = Instant.now();
    Path old = folder("vnca-webp-1", now.minus(Duration.ofHours(2)));
    Path young = folder("vnca-webp-2", now);
    Path another = folder("webp-3", now.minus(Duration.ofHours(2)));
    Path target = folder("elsewhere", now.minus(Duration.ofHours(2)));
    Path link = Files.createSymbolicLink(temporary.resolve("vnca-webp-4"), target);

    LibWebp.deleteOld(young, now.minus(Duration.ofHours(1)));

    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young.resolve("libwebp.so")));
    assertTrue(Files.exists(another.resolve("libwebp.so")));
    assertTrue(Files.exists(link.resolve("libwebp.so")));
  }

  private Path folder(String name, Instant changed) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve(name));
    Files.writeString(folder.resolve("libwebp.so"), "");
    Files.setLastModifiedTime(folder, FileTime.from(changed));
    return folder;
  }
}
