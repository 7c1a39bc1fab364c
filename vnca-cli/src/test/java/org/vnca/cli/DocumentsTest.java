package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vnca.base.fault.Hint;
import org.vnca.cli.frame.Usage;
import org.vnca.eval.figure.Figure;

/**
 * Holds the pages of {@code docs} against the program. After a change of an option, {@code
 * -Dtest=DocumentsTest -Dvnca.documents=write} writes the generated parts anew.
 */
final class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCS = ROOT.resolve("docs");
  private static final int README_WORDS = 1500;
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```");
  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*]\\(([^)]+)\\)");

  @Test
  void commandsPage_isWhatTheProgramSays() throws IOException {
    requireGenerated("commands.md", "commands", commands());
  }

  @Test
  void figuresPage_hasEveryFigure() throws IOException {
    requireGenerated("figures.md", "figures", figures());
  }

  @Test
  void readme_isShort() throws IOException {
    String text = Files.readString(ROOT.resolve("README.md"));
    assertThat(text.strip().split("\\s+")).hasSizeLessThanOrEqualTo(README_WORDS);
  }

  @Test
  void links_leadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !leads(page, target)) {
          broken.add(page.getFileName() + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(DOCS);
        Stream<Path> top = Files.list(ROOT);
        Stream<Path> examples = Files.walk(ROOT.resolve("examples"), 2)) {
      return Stream.of(top, docs, examples)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  private static boolean leads(Path page, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** The headings of a page as links name them. */
  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String commands() {
    return new Commands()
        .all().stream()
            .map(command -> section(command.usage()))
            .collect(Collectors.joining("\n\n"));
  }

  private static String section(Usage usage) {
    List<String> parts = new ArrayList<>();
    parts.add("## " + usage.name());
    parts.add("`" + usage.synopsis().replace(Usage.UNBROKEN, ' ') + "`");
    parts.add(
        Character.toUpperCase(usage.summary().charAt(0)) + usage.summary().substring(1) + ".");
    parts.addAll(usage.about());
    if (!usage.flags().isEmpty()) {
      parts.add(
          usage.flags().stream()
              .map(flag -> "| `%s` | %s |".formatted(cell(flag.written()), cell(flag.what())))
              .collect(Collectors.joining("\n", "| option | what it does |\n|---|---|\n", "")));
    }
    parts.add(
        usage.examples().stream()
            .map(example -> Hint.program() + " " + example)
            .collect(Collectors.joining("\n", "```\n", "\n```")));
    return String.join("\n\n", parts);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String figures() {
    return Stream.of(Figure.values())
        .map(
            figure ->
                "| `%s` | %s | %s | %s | %s |"
                    .formatted(
                        figure.id(),
                        figure.about(),
                        figure.paper(),
                        String.format(Locale.ROOT, "%d", figure.count()),
                        figure.moves() ? "yes" : "no"))
        .collect(
            Collectors.joining(
                "\n",
                "| figure | what it shows | in the paper | samples, images or pairs | animation |\n"
                    + "|---|---|---|---|---|\n",
                ""));
  }

  private static void requireGenerated(String page, String part, String wanted) throws IOException {
    Path file = DOCS.resolve(page);
    String text = Files.readString(file);
    String begin = "<!-- generated: " + part + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- end -->", from);
    assertThat(text).contains(begin);
    assertThat(to).as("the end of the part %s in %s", part, page).isPositive();
    if ("write".equals(System.getProperty("vnca.documents"))) {
      Files.writeString(file, text.substring(0, from) + wanted + "\n" + text.substring(to));
      return;
    }
    assertThat(text.substring(from, to).strip())
        .as("%s is not what the program says; -Dvnca.documents=write writes it anew", page)
        .isEqualTo(wanted);
  }
}
