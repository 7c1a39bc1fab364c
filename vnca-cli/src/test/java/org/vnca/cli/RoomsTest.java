package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the packages of all modules, read from their sources. */
class RoomsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(org\\.vnca\\.[a-z0-9_.]+)\\.[A-Z]");

  /** The first name of a group in the table is whole, those behind it are its neighbours'. */
  private static final Pattern NAMED = Pattern.compile("`(org\\.vnca[\\w.]*|\\.\\w+)`");

  @Test
  void noRoomKnowsAnotherThatKnowsIt() throws IOException {
    Map<String, Set<String>> known = known();
    List<String> circles = new ArrayList<>();
    for (String room : known.keySet()) {
      for (String other : known.get(room)) {
        if (reached(known, other).contains(room)) {
          circles.add(room + " -> " + other);
        }
      }
    }
    assertThat(circles).isEmpty();
  }

  @Test
  void everyRoomSaysWhatIsInItAndWhatIsNot() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Path folder : folders()) {
      Path says = folder.resolve("package-info.java");
      // A line may end between the words.
      if (!Files.exists(says)
          || !Files.readString(says).replaceAll("\\s*\\n \\*\\s*", " ").contains("Not here")) {
        silent.add(ROOT.relativize(folder).toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void everyRoomIsInTheTable() throws IOException {
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    Set<String> named = new TreeSet<>();
    String last = "";
    for (String row : page.substring(0, page.indexOf("```")).lines().toList()) {
      String[] cells = row.split("\\|");
      Matcher name = NAMED.matcher(cells.length > 2 ? cells[2] : "");
      while (name.find()) {
        last =
            name.group(1).startsWith(".")
                ? last.substring(0, last.lastIndexOf('.')) + name.group(1)
                : name.group(1);
        named.add(last);
      }
    }
    Set<String> there = new TreeSet<>();
    for (Path folder : folders()) {
      there.add(packageOf(folder.resolve("package-info.java")));
    }
    there.removeIf(room -> !room.startsWith("org.vnca"));
    assertThat(named).isEqualTo(there);
  }

  private static Map<String, Set<String>> known() throws IOException {
    Map<String, Set<String>> known = new TreeMap<>();
    for (Path source : sources()) {
      String room = packageOf(source);
      Set<String> others = known.computeIfAbsent(room, first -> new TreeSet<>());
      Matcher other = IMPORT.matcher(Files.readString(source));
      while (other.find()) {
        others.add(other.group(1));
      }
      others.remove(room);
    }
    return known;
  }

  private static Set<String> reached(Map<String, Set<String>> known, String from) {
    Set<String> reached = new TreeSet<>(Set.of(from));
    List<String> open = new ArrayList<>(reached);
    while (!open.isEmpty()) {
      for (String next : known.getOrDefault(open.remove(open.size() - 1), Set.of())) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return reached;
  }

  private static String packageOf(Path source) throws IOException {
    Matcher name = PACKAGE.matcher(Files.readString(source));
    assertThat(name.find()).as(source.toString()).isTrue();
    return name.group(1);
  }

  private static Set<Path> folders() throws IOException {
    Set<Path> folders = new TreeSet<>();
    sources().forEach(source -> folders.add(source.getParent()));
    return folders;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          try (Stream<Path> files = Files.walk(main)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(100);
    return sources;
  }
}
