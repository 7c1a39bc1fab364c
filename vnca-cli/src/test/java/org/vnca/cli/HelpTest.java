package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;

final class HelpTest {
  static Stream<Usage> usages() {
    return new Commands().all().stream().map(Command::usage);
  }

  @ParameterizedTest
  @MethodSource("usages")
  void helpOfEachCommand_isWholeAndFitsALine(Usage usage) {
    Called called = Called.with(("help " + usage.name()).split(" ", -1));
    assertThat(called.status()).isZero();
    assertThat(called.err()).isEmpty();
    assertThat(called.out())
        .startsWith("Usage: ./vnca " + usage.name())
        .contains("Examples:\n  ./vnca " + usage.name());
    usage.allFlags().forEach(flag -> assertThat(called.out()).contains("  " + flag.written()));
    assertThat(called.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @MethodSource("usages")
  void helpOption_printsTheSame(Usage usage) {
    List<String> words = new ArrayList<>(List.of(usage.name().split(" ", -1)));
    String help = Called.with(("help " + usage.name()).split(" ", -1)).out();
    for (String option : List.of("-h", "--help")) {
      List<String> line = new ArrayList<>(words);
      line.add(option);
      Called called = Called.with(line.toArray(String[]::new));
      assertThat(called.status()).isZero();
      if (!usage.name().equals("help")) {
        assertThat(called.out()).isEqualTo(help);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("usages")
  void helpAsJson_isOneObject(Usage usage) {
    JsonNode json = Called.with(("help --json " + usage.name()).split(" ", -1)).json();
    assertThat(json.path("name").asText()).isEqualTo(usage.name());
    assertThat(json.path("flags")).hasSize(usage.flags().size());
  }

  @Test
  void overview_listsEveryCommand() {
    String overview = Called.with("help").out();
    new Commands()
        .listed()
        .forEach(command -> assertThat(overview).contains("  " + command.usage().name()));
    assertThat(Called.with("--help").out()).isEqualTo(overview);
    assertThat(overview.lines()).allMatch(line -> line.length() <= 80);
    assertThat(Called.with("help", "--json").json().path("commands"))
        .hasSize(new Commands().listed().size());
  }

  @Test
  void nameAlone_isAnsweredWithTheOverview() {
    Called called = Called.with();
    assertThat(called.status()).isZero();
    assertThat(called.out()).isEqualTo(Called.with("help").out());
  }

  @Test
  void group_isExplainedAsAWhole() {
    for (Called called : List.of(Called.with("help", "data"), Called.with("data", "--help"))) {
      assertThat(called.out()).contains("./vnca data import", "./vnca data info");
    }
  }

  @Test
  void options_takeAValueInAllCommandsOrNone() {
    Stream<Flag> flags = usages().flatMap(usage -> usage.allFlags().stream());
    assertThat(flags.map(flag -> flag.name() + flag.argument().isPresent()).distinct())
        .doesNotHaveDuplicates()
        .extracting(text -> text.replaceFirst("(true|false)$", ""))
        .doesNotHaveDuplicates();
  }

  @Test
  void version_namesWhatAReportNeeds() {
    JsonNode json = Called.with("--version", "--json").json();
    assertThat(json.path("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(json.path("tensorflowJava").asText()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(json.path("java").asText()).isEqualTo(System.getProperty("java.version"));
    assertThat(Called.with("--version").out()).startsWith("vnca " + json.path("version").asText());
  }
}
