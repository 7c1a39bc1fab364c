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
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
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

  private Started start(String javaOptions) throws IOException, InterruptedException {
    return start(javaOptions, "", "--version");
  }

  private Started start(String javaOptions, String jars, String... words)
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
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("VNCA_JAVA_OPTS", javaOptions);
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("VNCA_CLASSPATH", jars);
    builder.environment().remove("VNCA_GPU");
    int status = builder.start().waitFor();
    return new Started(status, Files.readString(out, StandardCharsets.UTF_8));
  }

  private record Started(int status, String text) {}
}
