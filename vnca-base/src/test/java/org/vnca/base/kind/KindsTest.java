package org.vnca.base.kind;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kinds of the project and of jars that are made here. */
public final class KindsTest {
  private static final Own SQUARE = new Own("square", new Side(3));
  private static final String SOUND =
      """
      public class Circle implements Shape {
        public record Radius(int radius) implements Sized {}
        public String type() { return "circle"; }
        public Record defaults() { return new Radius(2); }
        public String drawn(Record settings) { return "a circle"; }
      }
      """;

  @TempDir Path folder;

  @Test
  void kinds_areTheOwnOnesThenThoseOfJars() throws Exception {
    Path jar = jar("Circle0", "Circle0");
    Map<String, String> drawn = new TreeMap<>();
    List<Kinds.Outside> outside =
        with(
            jar,
            kinds -> {
              assertThat(kinds.byType().keySet()).containsExactly("square", "circle");
              assertThat(kinds.of(new Side(8))).isSameAs(SQUARE);
              assertThat(kinds.outside(new Side(8))).isEmpty();
              Record radius = kinds.defaults().get("circle");
              assertThat(radius).hasToString("Radius[radius=2]");
              assertThat(kinds.outside(radius))
                  .hasValueSatisfying(o -> assertThat(o.type()).isEqualTo("circle"));
              drawn.put("circle", kinds.make(radius, shape -> shape.drawn(radius)));
              return kinds.outside();
            });
    assertThat(drawn).containsEntry("circle", "a circle");
    assertThat(outside).containsExactly(new Kinds.Outside("shape", "circle", new Jar(jar)));
    assertThat(outside.get(0).jar().name()).isEqualTo("shapes.jar");
    assertThat(outside.get(0).jar().sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void folderOfClasses_hasAChecksumOfItsFiles() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(classes.resolve("X.class"), "x");
    String before = new Jar(folder.resolve("a")).sha256();
    Files.move(classes.resolve("X.class"), classes.resolve("Y.class"));
    assertThat(new Jar(folder.resolve("a")).sha256()).isNotEqualTo(before).hasSize(64);
  }

  @Test
  void settingsOfNoKind_areRefused() {
    Kinds<Shape> kinds = Kinds.of(PART, List.of(SQUARE));
    assertThatThrownBy(() -> kinds.of(new Unknown()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unknown")
        .hasMessageContaining("there are [square]");
  }

  /** What is wrong with a class, and what is said of it. */
  private record Fault(String source, String why) {}

  private static String changed(String part, String by) {
    assertThat(SOUND).contains(part);
    return SOUND.replace(part, by);
  }

  private static final List<Fault> FAULTS =
      List.of(
          new Fault(
              changed("public String type", "CIRCLE(int n) {} public String type"),
              "it has no public constructor without parameters"),
          new Fault(
              changed("public class", "class"), "it has no public constructor without parameters"),
          new Fault(changed("public class", "public abstract class"), "it is abstract"),
          new Fault(
              changed(
                  "public String type",
                  "public CIRCLE() { throw new IllegalStateException(\"no luck\"); } public String"
                      + " type"),
              "its constructor throws IllegalStateException: no luck"),
          new Fault(
              changed(
                  "public String type",
                  "static int n = Integer.parseInt(\"n\"); public String type"),
              "it cannot be loaded: NumberFormatException: For input string: \"n\""),
          new Fault(
              changed(" implements Shape", ""),
              "it does not implement org.vnca.base.kind.KindsTest$Shape"),
          new Fault(
              changed("\"circle\"", "\"square\""),
              "it is called square, as is org.vnca.base.kind.KindsTest$Own of the project"),
          new Fault(
              changed("\"circle\"", "\"a circle\""),
              "its type must be lower-case letters and digits with single dashes, but is a circle"),
          new Fault(changed("\"circle\"", "null"), "with single dashes, but is null"),
          new Fault(
              changed("\"circle\"", "\"\".substring(1)"),
              "its type() throws StringIndexOutOfBoundsException"),
          new Fault(changed("new Radius(2)", "null"), "its defaults() are null, not a record"),
          new Fault(changed("public record", "record"), "Radius, must be public"),
          new Fault(
              changed("implements Sized", ""),
              "$Radius, must implement org.vnca.base.kind.KindsTest$Sized"),
          new Fault(
              changed("int radius", "float radius"),
              "its setting radius is of the type float, which cannot be given"),
          new Fault(
              changed("new Radius(2)", "new Side(2)"),
              "its settings are of the class org.vnca.base.kind.KindsTest$Side, which are those of"
                  + " square, too"));

  @TempDir static Path compiled;

  /** All classes at once, since the compiler takes longer to start than to compile. */
  @BeforeAll
  static void compile() {
    List<String> sources =
        new ArrayList<>(
            List.of(
                SOUND,
                changed("\"a circle\"", "null"),
                changed("\"a circle\"", "(new String[0])[0]")));
    FAULTS.forEach(fault -> sources.add(fault.source()));
    List<JavaFileObject> files = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      String text = "import org.vnca.base.kind.KindsTest.*;\n" + named(sources.get(i), i);
      files.add(
          new SimpleJavaFileObject(
              URI.create("string:///Circle" + i + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
              return text;
            }
          });
    }
    StringWriter said = new StringWriter();
    boolean done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                said,
                null,
                null,
                List.of("-d", compiled.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                files)
            .call();
    assertThat(done).as(said.toString()).isTrue();
  }

  private static String named(String source, int number) {
    return source
        .replace("class Circle", "class Circle" + number)
        .replace("CIRCLE", "Circle" + number);
  }

  static IntStream faults() {
    return IntStream.range(0, FAULTS.size());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void brokenClass_isNamedWithItsJar(int fault) throws Exception {
    String name = "Circle" + (3 + fault);
    String why = FAULTS.get(fault).why();
    Path jar = jar(name, name);
    assertThatThrownBy(() -> with(jar, Kinds::byType))
        .isInstanceOf(JarFault.class)
        .hasMessageStartingWith(name + " of shapes.jar cannot be used as a shape: ")
        .hasMessageContaining(why)
        .hasMessageEndingWith("; mend it, or take shapes.jar out of VNCA_CLASSPATH")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void kindThatMakesNothingOrThrows_isNamedWithItsJar() throws Exception {
    for (String name : List.of("Circle1", "Circle2")) {
      Path jar = jar(name, name);
      assertThatThrownBy(
              () ->
                  with(
                      jar,
                      kinds -> {
                        Record radius = kinds.defaults().get("circle");
                        return kinds.make(radius, shape -> shape.drawn(radius));
                      }))
          .isInstanceOf(JarFault.class)
          .hasMessageStartingWith(name + " of shapes.jar cannot be used as a shape: ")
          .hasMessageContaining(
              name.equals("Circle1")
                  ? "makes nothing (null)"
                  : "throws ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0");
    }
  }

  @Test
  void classThatIsNotThere_isNamedWithItsJar() throws Exception {
    Path jar = jar("Circle0", "Gone");
    assertThatThrownBy(() -> with(jar, Kinds::byType))
        .isInstanceOf(JarFault.class)
        .hasMessageStartingWith("Gone of shapes.jar cannot be used as a shape: ")
        .hasMessageContaining("there is no such class, although META-INF/services/ names it");
  }

  @Test
  void damagedClass_isNamedWithItsJar() throws Exception {
    Path jar = folder.resolve("shapes.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      entry(out, "META-INF/services/" + Shape.class.getName(), "Circle".getBytes(UTF_8));
      entry(out, "Circle.class", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    }
    assertThatThrownBy(() -> with(jar, Kinds::byType))
        .isInstanceOf(JarFault.class)
        .hasMessageStartingWith(
            "Circle of shapes.jar cannot be used as a shape: it cannot be loaded")
        .hasMessageContaining("ClassFormatError");
  }

  @Test
  void fileThatIsNoJar_isNamed() throws Exception {
    Path jar = Files.writeString(folder.resolve("text.jar"), "no zip");
    System.setProperty(Jar.CLASSPATH, jar.toString());
    try {
      assertThatThrownBy(() -> Kinds.of(PART, List.of(SQUARE)).byType())
          .isInstanceOf(JarFault.class)
          .hasMessageStartingWith(jar + " of VNCA_CLASSPATH is no jar that can be read: ");
    } finally {
      System.clearProperty(Jar.CLASSPATH);
    }
  }

  /** What there are kinds of. */
  public interface Shape extends Kinds.Kind {
    String drawn(Record settings);
  }

  /** What a shape's settings are. */
  public interface Sized {}

  private static final Kinds.Part<Shape> PART =
      new Kinds.Part<>("shape", Shape.class, Sized.class, Kinds.Source.DESCRIPTOR);

  private record Own(String type, Record defaults) implements Shape {
    @Override
    public String drawn(Record settings) {
      return "a square";
    }
  }

  /** Settings. */
  public record Side(int side) implements Sized {}

  private record Unknown() {}

  private interface Use<T> {
    T of(Kinds<Shape> kinds);
  }

  /** Does something with the kinds where a jar is on the class path. */
  private static <T> T with(Path jar, Use<T> use) throws IOException {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, KindsTest.class.getClassLoader())) {
      Thread.currentThread().setContextClassLoader(loader);
      return use.of(Kinds.of(PART, List.of(SQUARE)));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** A jar with one of the classes that were compiled, which names a class as what it brings. */
  private Path jar(String holds, String named) throws IOException {
    Path jar = folder.resolve("shapes.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> made = Files.list(compiled)) {
      entry(out, "META-INF/services/" + Shape.class.getName(), (named + "\n").getBytes(UTF_8));
      for (Path type : made.sorted().toList()) {
        String file = type.getFileName().toString();
        if (file.equals(holds + ".class") || file.startsWith(holds + "$")) {
          entry(out, file, Files.readAllBytes(type));
        }
      }
    }
    return jar;
  }

  private static void entry(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }
}
