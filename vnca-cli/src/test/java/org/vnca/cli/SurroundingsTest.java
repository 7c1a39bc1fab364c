package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.UsageException;

/** Where the program is started must not change what it does: locale, home, directory, signals. */
class SurroundingsTest {
  private static final String SHORT =
      """
      train: {steps: 2, batch: 2, device: cpu, validation: {images: 2}, images: {every: 0}}
      evaluation: {images: 2, samples: 1}
      """;

  /** A lossy WebP of 4 x 4. */
  private static final String WEBP =
      "UklGRjQAAABXRUJQVlA4ICgAAABwAQCdASoEAAQAAsBMJaACdAFAAAD+645dcLZZk//nEv/oF/4C7mAA";

  private static final String ENDLESS =
      """
      train:
        {steps: 1000000, batch: 2, device: cpu, validation: {every: 0}, checkpoint: {every: 1000}}
      """;

  private final List<Process> started = new ArrayList<>();

  @TempDir Path folder;

  private Process start(List<String> options, String... words) throws IOException {
    ProcessBuilder builder = Tiny.program(List.of(words));
    List<String> command = new ArrayList<>(builder.command());
    command.addAll(1, options);
    Process process =
        builder
            .command(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    started.add(process);
    return process;
  }

  /** A worker that a failed test leaves would wait for ever. */
  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  /** Digits, calendars and letters' cases of other places are in no file and no answer. */
  @ParameterizedTest
  @CsvSource({
    "fa, IR, '', u-ca-persian-nu-arabext",
    "th, TH, TH, u-ca-buddhist-nu-thai",
    "ja, JP, JP, u-ca-japanese",
    "tr, TR, '', ''",
    "de, DE, '', ''",
    "hi, IN, '', u-nu-deva"
  })
  void anImport_isTheSameBytesUnderEveryLocale(
      String language, String country, String variant, String extensions) throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    for (String name : List.of("I.GIF", "i.PNG", "x.BMP", "HIDDEN.TXT")) {
      image.setRGB(1, 2, name.hashCode());
      String format = name.endsWith("GIF") ? "gif" : name.endsWith("BMP") ? "bmp" : "png";
      ImageIO.write(image, format, pictures.resolve(name).toFile());
    }
    String[] words = {
      "data",
      "import",
      "images",
      pictures.toString(),
      "--size",
      "16",
      "--test-share",
      "0.4",
      "--out",
      folder.resolve("out.h5").toString()
    };
    Called here = Called.with(words);
    assertThat(here.status()).as(here.err()).isZero();
    byte[] bytes = Files.readAllBytes(folder.resolve("out.h5"));
    Files.delete(folder.resolve("out.h5"));
    Process process = start(locale(language, country, variant, extensions), words);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(out).isEqualTo(here.out()).isASCII();
    assertThat(Files.readAllBytes(folder.resolve("out.h5"))).isEqualTo(bytes);
  }

  private static List<String> locale(String language, String country, String variant, String more) {
    return List.of(
        "-Duser.language=" + language,
        "-Duser.country=" + country,
        "-Duser.variant=" + variant,
        "-Duser.extensions=" + more);
  }

  @Test
  void aTraining_leavesTheSameFilesUnderALocaleOfOtherDigits() throws Exception {
    Path tiny = Tiny.write(folder, SHORT);
    Path here = folder.resolve("here");
    Called called = Called.with("train", tiny.toString(), "--run", here.toString());
    assertThat(called.status()).as(called.err()).isZero();
    Process process =
        start(
            locale("fa", "IR", "", "u-ca-persian-nu-arabext"),
            "train",
            "tiny.yaml",
            "--run",
            "run",
            "--json");
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(out).isASCII();
    assertThat(described(folder.resolve("run"))).isEqualTo(described(here));
  }

  /**
   * Every file of a run: its bytes; without its numbers, which tell times, where it is a log; only
   * its folder where its name tells a time.
   */
  private static Map<String, String> described(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.startsWith("events")) {
          files.merge(run.relativize(file.getParent()).toString(), "1", String::concat);
        } else if (name.matches("metrics.jsonl|state.json|manifest.json|digest")) {
          String text = Files.readString(file);
          assertThat(text).as(name).isASCII();
          files.put(
              name, name.startsWith("metrics") ? text.replaceAll("[-0-9.eE]+", "0") : "there");
        } else {
          files.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    assertThat(files).hasSizeGreaterThan(6);
    return files;
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void worker_endsAtASignal(String signal, int status) throws Exception {
    assumeThat(isIgnored(status - 128))
        .as("SIG%s is ignored here, by nohup or a shell's background", signal)
        .isFalse();
    Process worker =
        start(List.of(), "worker", "--listen", "127.0.0.1:" + freePort(), "--device", "cpu");
    awaitFirstLine(worker);
    kill(signal, worker);
    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(status);
  }

  /** Whether this process, and so what it starts, was started to pass over a signal. */
  private static boolean isIgnored(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(ignored -> (ignored >> (signal - 1) & 1) == 1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void training_savesAtASignal_andEndsWithItsStatus() throws Exception {
    Tiny.write(folder, ENDLESS);
    Process training = start(List.of(), "train", "tiny.yaml", "--run", "run", "--quiet");
    awaitState("running");
    kill("TERM", training);
    assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(training.exitValue()).isEqualTo(143);
    assertThat(folder.resolve("run/latest")).exists();
    assertThat(Files.readString(folder.resolve("run/state.json"))).contains("STOPPED");
  }

  private void awaitState(String state) throws Exception {
    Path file = folder.resolve("run/state.json");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!(Files.exists(file)
        && Files.readString(file).toLowerCase(Locale.ROOT).contains(state))) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static void awaitFirstLine(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).contains("waits at");
  }

  private static void kill(String signal, Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor())
        .isZero();
  }

  @Test
  void setWithoutEquals_isAWrongWord() {
    Called called = Called.with("train", "x.yaml", "--set", "model.latent", "16");
    assertThat(called.status()).isEqualTo(Command.MISUSED);
    assertThat(called.err())
        .startsWith("vnca: --set needs KEY=VALUE, such as train.batch=32, but is 'model.latent'");
  }

  @Test
  void runFindsItsData_fromElsewhere_andRefusesOthers() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data")).resolve("digits.h5");
    try (var digits = org.vnca.data.ImageDataset.class.getResourceAsStream("digits.h5")) {
      Files.copy(digits, data);
    }
    Path run = folder.resolve("runs/one");
    Path tiny = Tiny.write(folder, SHORT);
    Called trained =
        Called.with(
            "train", tiny.toString(), "--run", run.toString(), "--set", "data.file=" + data);
    assertThat(trained.status()).as(trained.err()).isZero();
    // As if it had been given relative to a directory that is not this one, and both had moved.
    Path experiment = run.resolve("experiment.yaml");
    Files.writeString(
        experiment, Files.readString(experiment).replace(data.toString(), "data/none.h5"));
    Path moved = folder.resolve("moved");
    Files.createDirectories(moved);
    Files.move(folder.resolve("data"), moved.resolve("data"));
    Files.move(folder.resolve("runs"), moved.resolve("runs"));
    String there = moved.resolve("runs/one").toString();
    Called found = Called.with("evaluate", there, "--json");
    assertThat(found.status()).as(found.err()).isZero();
    Path elsewhere = folder.resolve("gone.h5");
    Files.move(moved.resolve("data/digits.h5"), elsewhere);
    Called missing = Called.with("evaluate", there, "--restart");
    assertThat(missing.status()).isEqualTo(Command.FAILED);
    assertThat(missing.err())
        .contains("is not there: looked for data/none.h5 and ")
        .contains("--data FILE");
    Called told = Called.with("evaluate", there, "--restart", "--data", elsewhere.toString());
    assertThat(told.status()).as(told.err()).isZero();
    Called resumed =
        Called.with("resume", there, "--data", elsewhere.toString(), "--set", "train.steps=3");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(Files.readString(Path.of(there, "manifest.json"))).contains(elsewhere.toString());
  }

  @Test
  void noHome_isNoFolderOfThatName() {
    String temporary = folder.toString();
    assertThat(Surroundings.cache(Map.of("user.home", "?", "java.io.tmpdir", temporary), Map.of()))
        .hasValueSatisfying(
            place -> assertThat(place).startsWithRaw(folder).endsWithRaw(Path.of("javacpp")));
    assertThat(
            Surroundings.cache(
                Map.of("user.home", "/dev/null/home", "java.io.tmpdir", "/none"),
                Map.of("XDG_CACHE_HOME", temporary)))
        .hasValueSatisfying(place -> assertThat(place).startsWithRaw(folder));
    assertThat(Surroundings.cache(Map.of("user.home", temporary), Map.of())).isEmpty();
  }

  @Test
  void placeOfTheLibrary_isThisUsersAlone() throws IOException {
    Path own = folder.resolve("vnca-1");
    Path cache = own.resolve("javacpp");
    Surroundings.requireCache(cache);
    Surroundings.requireCache(cache);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwx---"));
    assertRefused(
        cache, own + ": others can write to it, so delete it; set HOME or XDG_CACHE_HOME");

    Path link = Files.createSymbolicLink(folder.resolve("vnca-2"), folder);
    assertRefused(link.resolve("javacpp"), "it is no folder");
    Path none = Files.writeString(folder.resolve("file"), "").resolve("vnca-3/javacpp");
    assertRefused(none, "there is such a file already");
  }

  /** Root may give a folder away; others find one of root's. */
  @Test
  void placeOfTheLibrary_thatIsAnothersIsRefused() throws IOException {
    Path others = Path.of("/usr");
    if (Files.getOwner(Path.of("/proc/self")).equals(Files.getOwner(others))) {
      others = Files.createDirectory(folder.resolve("vnca-4"));
      Files.setAttribute(others, "unix:uid", 65_534);
    }
    assertRefused(others.resolve("javacpp"), others + ": it belongs to another user (");
  }

  private static void assertRefused(Path cache, String why) {
    assertThatExceptionOfType(SurroundingsException.class)
        .isThrownBy(() -> Surroundings.requireCache(cache))
        .withMessageStartingWith(
            "TensorFlow's library cannot be unpacked into " + cache.getParent())
        .withMessageContaining(why);
  }

  /** Neither a home nor a temporary folder: only what needs TensorFlow is refused. */
  @ParameterizedTest
  @CsvSource({"data info embedded:digits, 0", "train tiny.yaml --run run, 1"})
  void noPlaceToUnpack_isOneLine(String words, int status) throws Exception {
    Tiny.write(folder, SHORT);
    List<String> nowhere = List.of("-Duser.home=?", "-Djava.io.tmpdir=/dev/null/none");
    Process process = start(nowhere, words.split(" ", -1));
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isEqualTo(status);
    List<String> err = Files.readAllLines(folder.resolve("err"));
    assertThat(err).as("the folder %s, the words %s", folder, words).hasSize(status);
    if (status != 0) {
      assertThat(err.get(0))
          .startsWith("vnca: TensorFlow's library cannot be unpacked into /dev/null/none/vnca-");
      assertThat(folder.resolve("run")).doesNotExist();
    }
  }

  /** The library that decodes WebP is unpacked where nobody else can write, and does not stay. */
  @ParameterizedTest
  @CsvSource({"temporary, 0", "none, 1"})
  void importOfWebp_unpacksItsLibraryForAMoment(String place, int status) throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.write(pictures.resolve("a.webp"), Base64.getDecoder().decode(WEBP));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Process process =
        start(
            List.of("-Djava.io.tmpdir=" + folder.resolve(place)),
            "data import images pictures --size 4 --test-share 0 --valid-share 0 --out o.h5"
                .split(" ", -1));
    process.getInputStream().readAllBytes();
    String err = Files.readString(folder.resolve("err"));
    assertThat(process.waitFor()).as(err).isEqualTo(status);
    assertThat(temporary).isEmptyDirectory();
    if (status != 0) {
      assertThat(err.lines())
          .singleElement()
          .asString()
          .startsWith(
              "vnca: pictures: 1 image cannot be used: a.webp is WebP, whose library cannot")
          .contains(folder.resolve(place) + ": ", "set TMPDIR to another folder");
    }
  }

  @Test
  void importAtASignal_leavesNothing() throws Exception {
    byte[] pixels = new byte[16 + 60_000 * 784];
    ByteBuffer.wrap(pixels).putInt(2051).putInt(60_000).putInt(28).putInt(28);
    Path source = Files.createDirectory(folder.resolve("in"));
    for (String part : List.of("train", "t10k")) {
      Files.write(source.resolve(part + "-images-idx3-ubyte"), pixels);
      byte[] labels = new byte[8 + 60_000];
      ByteBuffer.wrap(labels).putInt(2049).putInt(60_000);
      Files.write(source.resolve(part + "-labels-idx1-ubyte"), labels);
    }
    Path out = Files.createDirectory(folder.resolve("out"));
    Process process = start(List.of(), "data", "import", "mnist", "in", "--out", "out/x.h5");
    while (process.isAlive() && isEmpty(out)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    kill("TERM", process);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isEqualTo(143);
    assertThat(out).isEmptyDirectory();
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  @Test
  void nameThatCouldNotBeDecoded_isRefused() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Surroundings.requireNames(List.of("gr\ufffdsse.h5")))
        .withMessageContaining("set LC_ALL to one with UTF-8");
  }
}
