package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.vnca.base.file.Reason;
import org.vnca.data.fault.DatasetException;
import org.vnca.graph.spec.InvalidSetting;

final class FailuresTest {
  @Test
  void messagesForPeople_areLeftAloneButOnOneLine() {
    assertThat(Failures.line(new DatasetException("a\n  b"))).isEqualTo("a b");
    assertThat(Failures.line(new DatasetException("a\u0000 \u001B[2Jb"))).isEqualTo("a? ?[2Jb");
    assertThat(Failures.line(new InvalidSetting("clipNorm", "must be above 0", -1)))
        .isEqualTo("clip-norm must be above 0, but is -1");
  }

  @Test
  void whatFilesAndLibrariesSay_isShortened() {
    String name = "n".repeat(10_000);
    assertThat(Failures.line(new DatasetException("x.h5, /" + name + " is odd; mend it")))
        .startsWith("x.h5, /nnn")
        .endsWith("nnn is odd; mend it")
        .hasSizeLessThan(500);
    assertThat(Failures.line(new IllegalStateException("a b ".repeat(10_000))))
        .startsWith("unexpected IllegalStateException: a b")
        .endsWith("(--debug prints where)")
        .hasSizeLessThan(2_001);
    Called called = Called.with("data", "info", name);
    assertThat(called.err()).startsWith("vnca: ").hasSizeLessThan(900);
    called = Called.with("data", "in" + name);
    assertThat(called.err()).startsWith("vnca: ").hasSizeLessThan(900);
  }

  @Test
  void fileFaults_sayWhatIsWrongWithTheFile() {
    assertThat(io(new NoSuchFileException("x"))).isEqualTo("there is no such file or directory: x");
    assertThat(io(new AccessDeniedException("x"))).isEqualTo("permission denied: x");
    assertThat(io(new FileSystemException("x", null, "No space left on device")))
        .isEqualTo("x: No space left on device");
    assertThat(io(new IOException("odd"))).isEqualTo("reading or writing failed: odd");
    String full = "No space left on device";
    assertThat(
            Failures.line(
                new UncheckedIOException("cannot write x: " + full, new IOException(full))))
        .isEqualTo("the disk is full (cannot write x: %s); free some space", full);
  }

  /** Their messages are names of files, or null: {@link Reason} has the words. */
  @Test
  void ownWordsOfAnIoException_areInNoMessage() throws IOException {
    Pattern block =
        Pattern.compile(
            "catch \\(([^)]*\\bIOException[^)]*)\\s(\\w+)\\) \\{(.*?)\\n {2,4}\\}", Pattern.DOTALL);
    List<String> found = new ArrayList<>();
    int blocks = 0;
    for (Path source : sources()) {
      Matcher matcher = block.matcher(Files.readString(source));
      while (matcher.find()) {
        blocks++;
        String own = "\\b" + matcher.group(2);
        if (Pattern.compile(
                own
                    + "\\.getMessage\\(|\\+ "
                    + own
                    + "\\b[^.]|formatted\\([^;]*?, "
                    + own
                    + "\\), ")
            .matcher(matcher.group(3))
            .find()) {
          found.add(source.getFileName() + ": " + matcher.group().strip());
        }
      }
    }
    assertThat(blocks).as("blocks that were looked at").isGreaterThan(100);
    assertThat(found).as("write Reason.of(e)").isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      return files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .toList();
    }
  }

  private static String io(IOException e) {
    return Failures.line(new UncheckedIOException(e));
  }

  @Test
  void faultsOfTheMachineryBelow_areNamedWithTheirFirstLine() {
    assertThat(Failures.line(new TFInvalidArgumentException("shapes differ\n[[node]]")))
        .isEqualTo("TensorFlow: shapes differ (--debug prints where)");
    assertThat(Failures.line(new IllegalStateException((String) null)))
        .isEqualTo("unexpected IllegalStateException: no message (--debug prints where)");
    assertThat(Failures.line(new OutOfMemoryError("Java heap space")))
        .startsWith(
            "out of memory (Java heap space); ask for less at a time: a smaller --count, --batch, train.batch");
    assertThat(
            Failures.line(
                new TFResourceExhaustedException(
                    "2 root error(s) found.\nOOM when allocating tensor\n[[x]]")))
        .startsWith(
            "out of memory (OOM when allocating tensor); ask for less at a time: a smaller --count, --batch, train.batch")
        .doesNotContain("Xmx");
    assertThat(Failures.line(new TFResourceExhaustedException("failed to allocate memory\n[[x]]")))
        .startsWith(
            "out of memory (failed to allocate memory); ask for less at a time: a smaller --count, --batch, train.batch");
    assertThat(Failures.line(new UnsatisfiedLinkError("no jnitensorflow")))
        .startsWith("a library cannot be loaded: no jnitensorflow");
  }

  /** TensorFlow's own message, of a checkpoint on a disk of 700 KiB. */
  @Test
  void aFullDisk_isNotTakenForLackOfMemory() {
    String hint =
        """

        \t [[{{node storage/Save}}]]
        Hint: If you want to see a list of allocated tensors when OOM happens, add \
        report_tensor_allocations_upon_oom to RunOptions for current allocation info. This isn't \
        available when running in Eager mode.
        """;
    assertThat(
            Failures.line(
                new TFResourceExhaustedException(
                    "x/steps/.tmp-6-4991/variables.data-00000-of-00001.tempstate2126153042859648142;"
                        + " No space left on device"
                        + hint)))
        .isEqualTo(
            "the disk is full (x/steps/.tmp-6-4991/variables.data-00000-of-00001"
                + ".tempstate2126153042859648142; No space left on device); free some space");
    assertThat(Failures.line(new TFResourceExhaustedException("Too many open files" + hint)))
        .isEqualTo("TensorFlow: Too many open files (--debug prints where)");
  }
}
