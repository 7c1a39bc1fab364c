package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /** A class, or the rooms that it lies in; not a method, a folder or a file. */
  private static final Pattern PLACE = Pattern.compile("`((?:[a-z]+\\.)*[A-Za-z]+)`");

  private static final Pattern COMMIT = Pattern.compile("`([0-9a-f]{7})`");

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
      String[] cells = row.split("\\|", -1);
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

  @Test
  void howToAdd_namesWhatIsThere_threeFilesAtMost() throws IOException {
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    String part = page.substring(page.indexOf("\n## How to add")).split("\n## ", 3)[1];
    List<String> kinds = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (String row : part.lines().filter(line -> line.matches("\\| an? .*")).toList()) {
      String[] cells = row.split("\\|", -1);
      kinds.add(cells[1].strip());
      assertThat(cells[2].split(";", -1)).as(row).hasSizeLessThanOrEqualTo(3);
      assertThat(cells[3]).as(row).containsPattern(COMMIT);
      Matcher name = PLACE.matcher(cells[2]);
      while (name.find()) {
        String place = "/" + name.group(1).replace('.', '/');
        if (sources().stream()
            .map(source -> source.toString().replace(File.separatorChar, '/'))
            .noneMatch(file -> file.endsWith(place + ".java") || file.contains(place + "/"))) {
          absent.add(name.group(1));
        }
      }
    }
    assertThat(absent).isEmpty();
    assertThat(kinds)
        .contains(
            "an update rule",
            "a likelihood",
            "a decoder",
            "a schedule",
            "a dataset format",
            "a figure",
            "a command");
  }

  /** Where the history is there, which a shallow clone and an unpacked archive lack. */
  @Test
  void howToAdd_namesCommitsOfTheHistory() throws Exception {
    String shallow = git("rev-parse", "--is-shallow-repository");
    assumeTrue(shallow.equals("false"), "needs git and the whole history");
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    Matcher commit = COMMIT.matcher(page.substring(page.indexOf("\n## How to add")));
    List<String> seen = new ArrayList<>();
    while (commit.find()) {
      seen.add(commit.group(1));
      assertThat(git("merge-base", commit.group(1), "HEAD")).startsWith(commit.group(1));
    }
    assertThat(seen).hasSizeGreaterThan(6);
  }

  /** What git says; empty if there is none, or it fails. */
  private static String git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", ROOT.toString()));
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    }
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
