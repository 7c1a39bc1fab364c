package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.report.HtmlReport;
import org.vnca.eval.report.ReportSummary;

/** Writes a page that compares runs. */
public final class ReportCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "report",
        List.of("RUN..."),
        "write a page that compares runs",
        List.of(
            "One HTML file with the curves of all runs, their evaluations, the settings that"
                + " differ, figures, descriptors and provenance. It loads nothing else."),
        List.of(Flag.required(Flag.OUT, "FILE.html", "where the page goes")),
        List.of(
            "report checkpoints/quickstart --out report.html",
            "report checkpoints/one checkpoints/other --out report.html"));
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
      throw words.wrong(Flag.OUT, "must end in .html");
    }
    List<Path> runs = IntStream.range(0, words.operands().size()).mapToObj(words::run).toList();
    ReportSummary report = HtmlReport.write(runs, out);
    console.answer(report, text(report));
    return DONE;
  }

  private static String text(ReportSummary report) {
    return "%s: %d runs, %d charts, %d figures, %s"
        .formatted(
            report.file(),
            report.runs().size(),
            report.charts(),
            report.figures(),
            Text.bytes(report.bytes()));
  }
}
