package org.vnca.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final String TOKEN = "0123456789abcdef";

  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void half(FileChannel channel) throws IOException {
    WholeFile.writeFully(channel, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    throw new IOException("the source ended");
  }

  @Test
  void write_makesFolders_andReplaces() throws IOException {
    Path file = folder.resolve("a/b/c.txt");
    WholeFile.write(file, "first, and longer");
    WholeFile.write(file, "größer");
    assertThat(file).hasContent("größer");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.tmp-*");
  }

  @Test
  void aFault_leavesWhatWasThere_andNothingElse() throws IOException {
    Path file = folder.resolve("a");
    WholeFile.write(file, "before");
    assertThatThrownBy(() -> WholeFile.stream(file, WholeFileTest::half))
        .isInstanceOf(IOException.class)
        .hasMessage("the source ended");
    assertThat(file).hasContent("before");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aFileInTheMaking_isNotThereYet_andHasANameOfItsOwn() throws IOException {
    Path file = folder.resolve("a");
    WholeFile.stream(
        file,
        outer -> {
          assertThat(file).doesNotExist();
          // A second writer in mid-write neither disturbs the first nor is disturbed.
          WholeFile.write(file, "inner");
          assertThat(file).hasContent("inner");
          assertThat(names()).hasSize(2).anyMatch(name -> name.startsWith(WholeFile.TEMPORARY));
          WholeFile.writeFully(outer, ByteBuffer.wrap("outer".getBytes(StandardCharsets.UTF_8)));
        });
    assertThat(file).hasContent("outer");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void mode_isTheUmasks() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path file = folder.resolve("a");
    WholeFile.write(file, "x");
    WholeFile.stream(folder.resolve("b"), channel -> {});
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(Files.getPosixFilePermissions(plain))
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("b")));
  }

  @Test
  void leftovers_ofKilledProcesses_areRemoved_butNoOthers() throws IOException {
    // Number 1 is init's, which writes no such files; it stands for a process that was killed.
    Path left = Files.createFile(folder.resolve(".tmp-a-1-" + TOKEN));
    Path ofAnother = Files.createFile(folder.resolve(".tmp-ab-1-" + TOKEN));
    Path ofALonger = Files.createFile(folder.resolve(".tmp-a-b-1-" + TOKEN));
    Path checkpoint = Files.createDirectory(folder.resolve(".tmp-a-1"));
    Path own =
        Files.createFile(folder.resolve(".tmp-a-" + ProcessHandle.current().pid() + "-" + TOKEN));
    WholeFile.write(folder.resolve("a"), "x");
    assertThat(left).doesNotExist();
    assertThat(List.of(ofAnother, ofALonger, checkpoint, own)).allMatch(Files::exists);
  }

  @Test
  void leftovers_inUse_stay() throws IOException {
    Path used = Files.createFile(folder.resolve(".tmp-a-1-" + TOKEN));
    try (FileChannel channel = FileChannel.open(used, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      WholeFile.write(folder.resolve("a"), "x");
      assertThat(used).exists();
    }
  }

  @Test
  void aLink_isFollowed() throws IOException {
    Path real = folder.resolve("real/file");
    WholeFile.write(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    WholeFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("new");
  }

  @Test
  void aLongName_isWritten() throws IOException {
    Path file = folder.resolve("ä".repeat(127));
    WholeFile.write(file, "x");
    assertThat(file).hasContent("x");
    assertThat(names()).hasSize(1);
  }

  @Test
  void whatIsNoPlaceForAFile_isRefusedInWords() throws Exception {
    assertThatThrownBy(() -> WholeFile.write(folder, "x"))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(Reason.of(e)).isEqualTo("it is a folder; name a file in it"));
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> WholeFile.write(file.resolve("x"), "x"))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(Reason.of(e)).isEqualTo(file + " is no folder"));
    Path pipe = folder.resolve("pipe");
    Process make = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(make.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> WholeFile.write(pipe, "x"))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(Reason.of(e)).isEqualTo("it is no ordinary file; name another one"));
    assertThat(names()).containsExactly("file", "pipe");
  }

  @Test
  void reason_isNeverAMereName() {
    assertThat(Reason.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
    assertThat(Reason.of(new NoSuchFileException("/x")))
        .isEqualTo("there is no such file or folder");
    assertThat(Reason.of(new FileSystemException("/x", null, "No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(Reason.of(new FileSystemException("/x"))).isEqualTo("the system gives no reason");
    assertThat(Reason.of(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
  }
}
