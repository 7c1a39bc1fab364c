package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vnca.base.fault.Hint;

/** How the program is called is said in one place, since it is called otherwise in an archive. */
class HintsTest {
  private static final Pattern NAMED = Pattern.compile("\"[^\"\n]*\\./vnca[^\"\n]*\"");

  @Test
  void noMessage_namesTheProgramItself() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.map(path -> path.resolve("src/main")).toList()) {
        if (Files.isDirectory(module)) {
          found.addAll(namesIn(module));
        }
      }
    }
    assertThat(found).containsExactly("Hint.java: \"./vnca\"");
  }

  private static List<String> namesIn(Path module) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(module)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        NAMED
            .matcher(Files.readString(file))
            .results()
            .forEach(name -> found.add(file.getFileName() + ": " + name.group()));
      }
    }
    return found;
  }

  @Test
  void commands_areWrittenWithTheirWords() {
    assertThat(Hint.command("resume %s", "100%s")).isEqualTo(Hint.program() + " resume 100%s");
  }
}
