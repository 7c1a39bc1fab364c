package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Jars from outside, compiled and packed here, and the program in processes that have them. */
final class Outside {
  private Outside() {}

  /** Compiles sources against the project, warnings being errors, into a folder. */
  static void compile(List<Path> sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-Xlint:all",
              "-Werror",
              "-proc:none",
              "-d",
              Files.createDirectories(classes).toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  /**
   * Packs the files of folders.
   *
   * @param comment that makes its checksum another one
   */
  static Path jar(Path made, String comment, Path... roots) throws IOException {
    Files.createDirectories(made.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made))) {
      out.setComment(comment);
      for (Path root : roots) {
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            out.putNextEntry(
                new JarEntry(root.relativize(file).toString().replace(File.separatorChar, '/')));
            out.write(Files.readAllBytes(file));
            out.closeEntry();
          }
        }
      }
    }
    return made;
  }

  /** The jars that a run's manifest notes. */
  static JsonNode noted(String run) throws IOException {
    return new ObjectMapper().readTree(Path.of(run, "manifest.json").toFile()).path("jars");
  }

  static String line(String... words) {
    return String.join("\t", words);
  }

  static String set(String setting) {
    return "\t--set\t" + setting;
  }

  /** Calls command lines in a process that has a jar on its class path, or none (null). */
  static List<Said> with(Path jar, String... lines) throws Exception {
    Said all = started(jar, Lines.class.getName(), List.of(lines));
    List<Said> said = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String one : all.text().lines().toList()) {
      if (one.startsWith(Lines.MARK)) {
        said.add(new Said(Integer.parseInt(one.substring(Lines.MARK.length())), text.toString()));
        text.setLength(0);
      } else {
        text.append(one).append('\n');
      }
    }
    assertThat(all.status()).as(all.text()).isZero();
    return said;
  }

  /** Starts a class in a process that has a jar on its class path, or none (null). */
  static Said started(Path jar, String main, List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String classpath = System.getProperty("java.class.path");
    if (jar != null) {
      classpath += File.pathSeparator + jar;
      command.add("-Dvnca.classpath=" + jar);
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classpath, main));
    command.addAll(words);
    Path out = Files.createTempFile("vnca-outside", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
      builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
      int status = builder.start().waitFor();
      return new Said(status, Files.readString(out));
    } finally {
      Files.delete(out);
    }
  }

  /**
   * What a command line or a process did.
   *
   * @param text its output and errors
   */
  record Said(int status, String text) {
    void succeeds(String... parts) {
      assertThat(status).as(text).isZero();
      assertThat(text).contains(parts);
    }

    void fails(int with, String... parts) {
      assertThat(text).contains(parts).doesNotContain("\tat ");
      assertThat(status).as(text).isEqualTo(with);
    }
  }
}
