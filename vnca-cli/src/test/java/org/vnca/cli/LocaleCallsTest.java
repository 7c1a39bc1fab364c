package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keeps calls out of the program that do as the locale of the process says. What changes case, or
 * formats numbers and dates, names its locale. {@code formatted}, which cannot, is allowed: {@link
 * Main} sets {@code Locale.ROOT} before anything else, as every other entry into a process must,
 * and a model is not built where digits are others ({@code Vnca}).
 */
class LocaleCallsTest {
  private static final List<Pattern> CALLS =
      Stream.of(
              "\\.to(Lower|Upper)Case\\(\\s*\\)",
              "\\bString\\.format\\(\\s*+(?!(java\\.util\\.)?Locale\\.)",
              "\\.printf\\(\\s*+(?!(java\\.util\\.)?Locale\\.)",
              "\\.format\\(\\s*\"",
              "\\bDateTimeFormatter\\.ofPattern\\([^,;]*\\)",
              "\\.ofLocalized\\w+\\(",
              "\\bnew (DecimalFormat|SimpleDateFormat|MessageFormat|ChoiceFormat|Scanner|Formatter)\\(",
              "\\b(Number|Date)Format\\.get",
              "\\bDecimalFormatSymbols\\.getInstance\\(\\s*\\)",
              "\\b(Collator|BreakIterator|Calendar|ResourceBundle)\\.get",
              "\\bLocale\\.[gs]etDefault\\(")
          .map(Pattern::compile)
          .toList();

  /** What may be called all the same, by file. */
  private static final Map<String, List<String>> ALLOWED =
      Map.of(
          "Main.java", List.of("Locale.setDefault("),
          "MakeDigits.java", List.of("Locale.setDefault("),
          // It says what to do.
          "Vnca.java", List.of("Locale.getDefault(", "Locale.setDefault("));

  private static final Pattern ENTRY =
      Pattern.compile("void main\\(String\\S* \\w+\\)[^{]*\\{\\s*((//[^\n]*\\s*)*)");

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.map(path -> path.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(module)) {
          try (Stream<Path> files = Files.walk(module)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  private static List<String> calls(String text) {
    List<String> calls = new ArrayList<>();
    for (Pattern pattern : CALLS) {
      for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
        calls.add(matcher.group());
      }
    }
    return calls;
  }

  @Test
  void noCall_doesAsTheLocaleSays() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(300);
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      String name = source.getFileName().toString();
      for (String call : calls(Files.readString(source))) {
        if (!ALLOWED.getOrDefault(name, List.of()).contains(call)) {
          found.add(source + ": " + call);
        }
      }
    }
    assertThat(found).as("name a locale, such as Locale.ROOT").isEmpty();
  }

  @Test
  void everyEntryIntoAProcess_setsTheLocaleFirst() throws IOException {
    int entries = 0;
    for (Path source : sources()) {
      String text = Files.readString(source);
      for (Matcher entry = ENTRY.matcher(text); entry.find(); entries++) {
        assertThat(text.substring(entry.end()))
            .as(source.toString())
            .startsWith("Locale.setDefault(Locale.ROOT);");
      }
    }
    assertThat(entries).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name.toLowerCase()",
        "name.toUpperCase( )",
        "String.format(\n        \"%d\", 1)",
        "out.printf(\n  \"%d\", 1)",
        "out.format(\"%d\", 1)",
        "DateTimeFormatter.ofPattern(\"yyyy\")",
        "DateTimeFormatter.ofLocalizedDate(x)",
        "new DecimalFormat(\"0.0\")",
        "new Scanner(in)",
        "NumberFormat.getInstance()",
        "Calendar.getInstance()",
        "Locale.getDefault()"
      })
  void suchACall_isFound(String call) {
    assertThat(calls("x = " + call + ";")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name.toLowerCase(Locale.ROOT)",
        "String.format(\n        Locale.ROOT, \"%d\", 1)",
        "out.printf(Locale.ROOT, \"%d\", 1)",
        "TIME.format(instant)",
        "DateTimeFormatter.ofPattern(\"yyyy\", Locale.ROOT)",
        "\"%d\".formatted(1)"
      })
  void otherCalls_areLeftAlone(String call) {
    assertThat(calls("x = " + call + ";")).isEmpty();
  }
}
