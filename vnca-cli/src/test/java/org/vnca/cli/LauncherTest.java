package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code vnca} in a checkout of its own, where a stand-in for Maven builds. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("../vnca");
  private static final String IMPORT = "org.vnca.data.imports.ImportFormat";

  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void checkout() throws IOException {
    assumeThat(new File("/bin/bash")).as("bash").exists();
    root = Files.createDirectory(folder.toRealPath().resolve("root"));
    Files.copy(SCRIPT, root.resolve("vnca"));
    root.resolve("vnca").toFile().setExecutable(true);
    Path source = root.resolve("vnca-cli/src/main/A.java");
    Files.createDirectories(source.getParent());
    for (Path file : List.of(source, root.resolve("pom.xml"), root.resolve("vnca-cli/pom.xml"))) {
      Files.createFile(file);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    }
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path maven = bin.resolve("mvn");
    Files.writeString(
        maven,
        """
        #!/bin/bash
        echo built >>../builds
        mkdir -p vnca-cli/target
        cp ../classes.jar vnca-cli/target/vnca-cli.jar
        cp ../libraries vnca-cli/target/classpath
        """);
    maven.toFile().setExecutable(true);
    List<String> libraries = new ArrayList<>();
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(folder.resolve("classes.jar")))) {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        if (Files.isDirectory(Path.of(entry))) {
          add(jar, Path.of(entry));
        } else if (entry.endsWith(".jar")) {
          libraries.add(entry);
        }
      }
    }
    Files.writeString(folder.resolve("libraries"), String.join(":", libraries));
  }

  private static void add(JarOutputStream jar, Path classes) throws IOException {
    if (classes.endsWith("test-classes")) {
      return;
    }
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        if (name.startsWith("org/") || name.endsWith(".properties")) {
          jar.putNextEntry(new JarEntry(name));
          jar.write(Files.readAllBytes(file));
          jar.closeEntry();
        }
      }
    }
  }

  @Test
  void script_buildsWhenASourceChanged_andStartsFromTheArchiveOfItsClasses() throws Exception {
    assumeThat(Path.of(System.getProperty("java.home"), "lib/server/classes.jsa"))
        .as("this Java's own archive, on which the launcher's builds")
        .exists();
    Started first = start("");
    assertThat(first.status).as(first.text).isZero();
    assertThat(first.text).contains("vnca: building (first time").contains("TensorFlow Java");
    Path built = root.resolve("vnca-cli/target/built-cpu").toRealPath();
    assertThat(built.resolve("classes.jsa")).as(log(built)).isNotEmptyFile();
    assertThat(built.resolve("try")).doesNotExist();

    Path loaded = folder.resolve("loaded");
    Started second = start("-Xlog:class+load:file=" + loaded);
    assertThat(second.status).isZero();
    assertThat(second.text).startsWith("vnca ").doesNotContain("building");
    assertThat(Files.readString(loaded))
        .contains("org.vnca.cli.Main source: shared objects file (top)");

    // Jars from outside come behind the class path of which the archive was made.
    Path mine = jar("my own.jar");
    Started third =
        start("-Xlog:class+load:file=" + loaded, "../my own.jar::" + mine, "data", "import");
    assertThat(third.text).contains("vnca: data import needs FORMAT");
    assertThat(Files.readString(loaded))
        .contains("org.vnca.cli.Main source: shared objects file (top)");
    Started broken =
        start(
            "",
            jar("broken.jar", IMPORT, "org.vnca.cli.Main").toString(),
            "help",
            "data",
            "import");
    assertThat(broken.text)
        .startsWith("vnca: org.vnca.cli.Main of broken.jar cannot be used as a dataset import: ")
        .hasLineCount(1);
    assertThat(broken.status).isEqualTo(1);

    // As if another Java had built.
    Files.writeString(built.resolve("classes.java"), "/elsewhere/java 99\n");
    assertThat(start("-Xlog:class+load:file=" + loaded).status).isZero();
    assertThat(Files.readString(loaded)).contains("org.vnca.cli.Main source: file:");

    Files.setLastModifiedTime(
        root.resolve("vnca-cli/src/main/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(start("-XshowSettings:properties").text)
        .contains("vnca: building (sources have changed)")
        .contains("java.io.tmpdir = " + folder);
    assertThat(folder.resolve("builds")).content().hasLineCount(2);
  }

  @Test
  void jarFromOutside_thatIsNotThere_isToldBeforeAnythingIsBuilt() throws Exception {
    Started absent = start("", "no such.jar", "help");
    assertThat(absent.text)
        .isEqualTo(
            "vnca: no such.jar of VNCA_CLASSPATH is not there (looked for %s/no such.jar); build it, or take it out\n"
                .formatted(root));
    assertThat(absent.status).isEqualTo(1);
    Started folderNamed = start("", root.toString(), "help");
    assertThat(folderNamed.text)
        .isEqualTo("vnca: %s of VNCA_CLASSPATH is a folder; name the jars in it\n".formatted(root));
    assertThat(folder.resolve("builds")).doesNotExist();
  }

  private Path jar(String name, String... service) throws IOException {
    Path made = folder.toRealPath().resolve(name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(made))) {
      jar.putNextEntry(
          new JarEntry(service.length == 0 ? "empty" : "META-INF/services/" + service[0]));
      jar.write((service.length == 0 ? "" : service[1]).getBytes(StandardCharsets.UTF_8));
      jar.closeEntry();
    }
    return made;
  }

  private static String log(Path built) throws IOException {
    return Files.readString(built.resolve("classes.log"));
  }

  /**
   * An archive needs no Java, Maven, home or locale of its surroundings, and is of its own commit.
   */
  @Test
  void script_inAnArchive_startsItsOwnRuntime() throws Exception {
    Path home = Files.createDirectories(folder.toRealPath().resolve("an archive"));
    Path lib = Files.createDirectories(home.resolve("lib"));
    Files.createDirectory(home.resolve("bin"));
    Path script = Files.copy(SCRIPT, home.resolve("bin/vnca"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(home.resolve("runtime"), Path.of(System.getProperty("java.home")));
    List<String> names = new ArrayList<>(List.of("vnca.jar"));
    Files.copy(folder.resolve("classes.jar"), lib.resolve("vnca.jar"));
    for (String library : Files.readString(folder.resolve("libraries")).split(":", -1)) {
      names.add(Path.of(library).getFileName().toString());
      Files.createSymbolicLink(lib.resolve(names.get(names.size() - 1)), Path.of(library));
    }
    Files.write(lib.resolve("classpath"), names);
    Files.writeString(lib.resolve("commit"), "0123abc clean\n");
    ProcessBuilder builder =
        new ProcessBuilder(script.toString(), "--version", "--json")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    assertThat(text).contains("0123abc").contains(System.getProperty("java.version"));

    // What is advised is what was typed, or its name where PATH leads there.
    Path links = Files.createDirectory(folder.resolve("links"));
    Files.createSymbolicLink(links.resolve("vnca"), script);
    String typed = script.toString().replace(" ", "\\ ");
    assertThat(advice(builder, folder, script.toString())).isEqualTo(typed);
    assertThat(advice(builder, home, "bin/vnca")).isEqualTo("bin/vnca");
    assertThat(advice(builder, folder, "links/vnca")).isEqualTo("links/vnca");
    builder.environment().put("PATH", links + ":/usr/bin:/bin");
    assertThat(advice(builder, folder, "/bin/sh", "-c", "exec vnca \"$@\"", "sh"))
        .isEqualTo("vnca");

    builder.environment().put("VNCA_GPU", "1");
    builder.command(script.toString(), "--version").directory(folder.toFile());
    process = builder.start();
    text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(text)
        .startsWith("vnca: VNCA_GPU=1, but " + home + " has TensorFlow's build for CPUs; ");
  }

  /** What a wrong command is told to type. */
  private static String advice(ProcessBuilder builder, Path directory, String... program)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program));
    command.add("trian");
    Process process = builder.command(command).directory(directory.toFile()).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isEqualTo(2);
    Matcher help = Pattern.compile("\nfor help: (.*) help\n").matcher(text);
    assertThat(help.find()).as(text).isTrue();
    return help.group(1);
  }

  /** Every other Java that is installed trains, and has nothing to warn of. */
  @Test
  void otherJavas_train_andWarnOfNothing() throws Exception {
    List<Path> others = otherJavas();
    assumeThat(others).as("another JDK, 17 or later, in /usr/lib/jvm").isNotEmpty();
    Path tiny =
        Tiny.write(
            folder,
            """
            train: {steps: 2, batch: 2, device: cpu, validation: {images: 2}, images: {every: 0}}
            evaluation: {images: 2, samples: 1}
            """);
    for (Path java : others) {
      Path run = folder.resolve("run-" + java.getFileName());
      Started started =
          start(java, "", "", "train", tiny.toString(), "--run", run.toString(), "--quiet");
      assertThat(started.status).as(started.text).isZero();
      assertThat(started.text)
          .endsWith(run + "\n")
          .doesNotContain("WARNING: A ", "deprecated", "native-access");
    }
  }

  /** One of each other version, by the file beside it that tells it. */
  private static List<Path> otherJavas() throws IOException {
    Map<String, Path> byVersion = new TreeMap<>();
    Path place = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(place)) {
      try (Stream<Path> members = Files.list(place)) {
        for (Path java : members.filter(member -> !Files.isSymbolicLink(member)).toList()) {
          Path release = java.resolve("release");
          if (Files.exists(release) && Files.exists(java.resolve("bin/javac"))) {
            Matcher version =
                Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(release));
            if (version.find() && Integer.parseInt(version.group(1)) >= 17) {
              byVersion.put(version.group(1), java);
            }
          }
        }
      }
    }
    byVersion.remove(Integer.toString(Runtime.version().feature()));
    return List.copyOf(byVersion.values());
  }

  private Started start(String javaOptions) throws IOException, InterruptedException {
    return start(javaOptions, "", "--version");
  }

  private Started start(String javaOptions, String jars, String... words)
      throws IOException, InterruptedException {
    return start(Path.of(System.getProperty("java.home")), javaOptions, jars, words);
  }

  private Started start(Path java, String javaOptions, String jars, String... words)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    List<String> command = new ArrayList<>(List.of(root.resolve("vnca").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("VNCA_JAVA_OPTS", javaOptions);
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("VNCA_CLASSPATH", jars);
    builder.environment().remove("VNCA_GPU");
    int status = builder.start().waitFor();
    return new Started(status, Files.readString(out, StandardCharsets.UTF_8));
  }

  private record Started(int status, String text) {}
}
