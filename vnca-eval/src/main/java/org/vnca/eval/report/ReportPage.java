package org.vnca.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunSummary;

/** Puts the page together, from top to bottom. */
final class ReportPage {
  private static final String NONE = "\u2013";

  /** The page may load nothing and run nothing. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--page:#fff;--clear:#fff0;--text:#1b1f24;--note:#57606a;\
      --rule:#d0d7de;--faint:#e6e9ec;--code:#f6f8fa}
      @media (prefers-color-scheme:dark){:root{--page:#0d1117;--clear:#0d111700;--text:#e6edf3;\
      --note:#9198a1;--rule:#3d444d;--faint:#262c36;--code:#161b22}}
      body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:0 16px 48px;\
      color:var(--text);background:var(--page)}
      h1{font-size:1.6em}h2{font-size:1.25em;margin-top:2em;border-bottom:1px solid var(--rule)}
      h3{font-size:1.05em;margin-bottom:.3em;overflow-wrap:anywhere}
      .wide{overflow-x:auto;background:linear-gradient(90deg,var(--page) 30%,var(--clear)),\
      linear-gradient(270deg,var(--page) 30%,var(--clear)) 100% 0,\
      linear-gradient(90deg,#8886,#8880),linear-gradient(270deg,#8886,#8880) 100% 0;\
      background-repeat:no-repeat;background-size:40px 100%,40px 100%,12px 100%,12px 100%;\
      background-attachment:local,local,scroll,scroll}table{border-collapse:collapse;font-size:.9em}
      th,td{padding:4px 12px 4px 0;text-align:left;vertical-align:top;\
      border-bottom:1px solid var(--faint)}
      .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
      .chart{width:100%;height:auto;display:block}
      .legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px}
      .legend li{overflow-wrap:anywhere}
      .swatch{display:inline-block;width:24px;height:4px;margin-right:8px;vertical-align:middle;\
      background:currentColor}
      .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:16px}
      figure{margin:0}figure img{max-width:100%;height:auto;border:1px solid var(--rule)}
      figcaption{font-size:.85em;color:var(--note);overflow-wrap:anywhere}
      pre{background:var(--code);padding:12px;overflow-x:auto;font-size:.85em}
      .note{color:var(--note);font-size:.9em}
      .settings td:first-child{min-width:10em;max-width:16em;overflow-wrap:anywhere}
      .facts td:first-child{white-space:nowrap}.facts td:last-child{overflow-wrap:anywhere}
      """;

  private final List<ReportedRun> runs;
  private final List<String> differing;
  private final Path out;
  private final List<LineChart> charts;
  private final Html html;

  /**
   * @param out where the page will lie, from which its links lead
   * @param html takes the page
   */
  ReportPage(List<ReportedRun> runs, List<String> differing, Path out, Html html) {
    this.html = html;
    this.runs = runs;
    this.differing = differing;
    this.out = out;
    this.charts =
        Stream.of(
                chart("Loss, nats per image", MetricsLog.LOSS_NATS, true),
                chart("Reconstruction, nats per image", "reconstructionNats", false),
                chart("Kullback-Leibler divergence, nats per image", "klNats", false))
            .filter(chart -> !chart.empty())
            .toList();
  }

  private LineChart chart(String title, String key, boolean validation) {
    List<Curve> curves = new ArrayList<>();
    for (ReportedRun run : runs) {
      String name = run.summary().name();
      curves.add(run.series().get(key).curve(name + ", training", run.ink(), false, 1));
      if (validation) {
        Curve.Series bound = run.series().get(MetricsLog.VALIDATION_NATS);
        curves.add(bound.curve(name + ", validation", run.ink(), true, -1));
      }
    }
    return new LineChart(title, "chart-" + key, curves);
  }

  /** How many charts the page has. */
  int charts() {
    return charts.size();
  }

  /** Writes the page. */
  void write() {
    html.doctype();
    String title = runs.size() == 1 ? runs.get(0).summary().name() : runs.size() + " runs compared";
    html.open("html", "lang", "en").open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.element("title", title);
    html.element("style", STYLE + PageInks.style()).close();
    html.open("body").element("h1", title);
    overview();
    settings();
    curves();
    evaluations();
    probes();
    runs.forEach(this::run);
    html.close().close().end();
  }

  private void overview() {
    table(
        List.of("run", "state", "step", "loss", "best validation", "evaluated"),
        runs.stream().map(run -> overview(run.summary())).toList());
    html.element(
        "p",
        "Nats per image. A loss is better the lower, a bound the higher it is.",
        "class",
        "note");
  }

  private static List<String> overview(RunSummary run) {
    return List.of(
        run.name(),
        run.state().phase().name().toLowerCase(Locale.ROOT),
        whole(run.step()),
        run.lossNats().map(ReportPage::nats).orElse(NONE),
        run.best().map(best -> nats(best.nats()) + " at step " + whole(best.step())).orElse(NONE),
        run.evaluation()
            .map(bound -> nats(bound.nats()) + " (n = " + bound.samples() + ")")
            .orElse(NONE));
  }

  private void settings() {
    if (runs.size() < 2) {
      return;
    }
    html.element("h2", "Settings that differ");
    if (differing.isEmpty()) {
      html.element("p", "None.");
      return;
    }
    List<String> headings = new ArrayList<>(List.of("setting"));
    runs.forEach(run -> headings.add(run.summary().name()));
    List<List<String>> rows = new ArrayList<>();
    for (String key : differing) {
      List<String> row = new ArrayList<>(List.of(key));
      runs.forEach(run -> row.add(Objects.toString(run.summary().settings().get(key), NONE)));
      rows.add(row);
    }
    table("settings", headings, rows);
  }

  private void curves() {
    html.element("h2", "Curves");
    if (charts.isEmpty()) {
      html.element("p", "No run has reported anything yet.");
      return;
    }
    html.open("ul", "class", "legend");
    for (ReportedRun run : runs) {
      html.open("li");
      html.element("span", "", "class", "swatch " + PageInks.classOf(run.ink()));
      html.text(run.summary().name()).close();
    }
    html.close();
    html.element(
        "p",
        "Solid: training. Dashed: validation, the bound with its sign turned. The first tenth of a"
            + " curve may leave the frame.",
        "class",
        "note");
    html.open("div", "class", "charts");
    for (LineChart chart : charts) {
      html.open("div").element("h3", chart.title());
      html.markup(chart.svg());
      chart.missing().ifPresent(words -> html.element("p", words, "class", "note"));
      html.close();
    }
    html.close();
  }

  private void evaluations() {
    List<List<String>> rows = new ArrayList<>();
    for (ReportedRun run : runs) {
      for (JsonNode result : run.results().values()) {
        if (result.path("nats").isNumber()) {
          bounds(run.summary().name(), result, rows);
        }
      }
    }
    if (!rows.isEmpty()) {
      html.element("h2", "Evaluations");
      table(
          List.of(
              "run",
              "step",
              "weights",
              "split",
              "images",
              "n",
              "bound",
              "\u00b1",
              "bits/dim",
              "ELBO",
              "reconstruction",
              "KL",
              "active units"),
          rows);
      html.element(
          "p",
          "Bound: importance-weighted, on log p(x), nats per image; \u00b1: its standard error over"
              + " images. ELBO = reconstruction - KL.",
          "class",
          "note");
    }
  }

  /** A row for each number of samples; a result of earlier versions has one. */
  private static void bounds(String name, JsonNode result, List<List<String>> rows) {
    Iterable<JsonNode> bounds =
        result.path("bounds").isEmpty() ? List.of(result) : result.path("bounds");
    for (JsonNode bound : bounds) {
      rows.add(
          List.of(
              name,
              whole(result.path("step").asLong()),
              result.path("weights").asText(NONE),
              result.path("split").asText(),
              whole(result.path("images").asLong()),
              whole(bound.path("samples").asLong()),
              number(bound.path("nats"), "%.2f"),
              number(bound.path("natsStandardError"), "%.2f"),
              number(bound.path("bitsPerDim"), "%.4f"),
              number(result.path("elboNats"), "%.2f"),
              number(result.path("reconstructionNats"), "%.2f"),
              number(result.path("klNats"), "%.2f"),
              result.path("activeUnits").isNumber()
                  ? result.path("activeUnits").asText()
                      + " of "
                      + result.path("latentUnits").asText()
                  : NONE));
    }
  }

  private void probes() {
    List<List<String>> rows = new ArrayList<>();
    for (ReportedRun run : runs) {
      for (JsonNode result : run.results().values()) {
        if (result.path("accuracy").isNumber()) {
          rows.add(
              List.of(
                  run.summary().name(),
                  whole(result.path("step").asLong()),
                  result.path("split").asText(),
                  whole(result.path("images").asLong()),
                  percent(result.path("accuracy")),
                  percent(result.path("accuracyStandardError")),
                  percent(result.path("trainAccuracy"))));
        }
      }
    }
    if (!rows.isEmpty()) {
      html.element("h2", "Linear probe of the latent mean");
      table(
          List.of("run", "step", "split", "images", "accuracy", "\u00b1", "on what it learnt from"),
          rows);
    }
  }

  private void run(ReportedRun run) {
    html.element("h2", run.summary().name());
    html.element("p", run.summary().path().toString(), "class", "note");
    if (!run.figures().isEmpty()) {
      html.open("div", "class", "figures");
      run.figures()
          .forEach(
              (name, file) -> {
                html.open("figure").empty("img", "src", ReportedRun.data(file), "alt", name);
                html.element("figcaption", name).close();
              });
      html.close();
    }
    if (!run.pages().isEmpty()) {
      html.open("ul");
      for (Path page : run.pages()) {
        html.open("li").element("a", page.getFileName().toString(), "href", link(page)).close();
      }
      html.close();
    }
    html.element("h3", "Provenance");
    facts(run.manifest());
    html.open("details").element("summary", "Descriptor").element("pre", run.descriptor()).close();
    run.results()
        .forEach(
            (name, result) ->
                html.open("details")
                    .element("summary", name)
                    .element("pre", result.toPrettyString())
                    .close());
  }

  /** Relative where there is such a way, so that the report and the runs may be moved together. */
  private String link(Path page) {
    Path file = page.toAbsolutePath().normalize();
    Path here = out.toAbsolutePath().normalize().getParent();
    if (!Objects.equals(file.getRoot(), here.getRoot())) {
      return file.toUri().toASCIIString();
    }
    StringBuilder link = new StringBuilder(".");
    for (Path part : here.relativize(file)) {
      link.append('/').append(encoded(part.toString()));
    }
    return link.toString();
  }

  /** A name as a part of an address. */
  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void facts(Manifest manifest) {
    html.open("div", "class", "wide").open("table", "class", "facts").open("tbody");
    for (List<String> fact : factsOf(manifest)) {
      html.open("tr");
      fact.forEach(cell -> html.element("td", cell));
      html.close();
    }
    html.close().close().close();
  }

  private static List<List<String>> factsOf(Manifest manifest) {
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("started", manifest.started()));
    facts.add(List.of("command", String.join(" ", manifest.commandLine())));
    facts.add(List.of("commit", manifest.git().commit() + ", " + manifest.git().state()));
    facts.add(List.of("data", manifest.data().location()));
    facts.add(List.of("sha256 of the data", manifest.data().sha256()));
    facts.add(List.of("device", manifest.device() + ", " + manifest.threads() + " threads"));
    facts.add(List.of("Java", manifest.java() + ", " + manifest.vm()));
    facts.add(List.of("system", manifest.os()));
    for (Map.Entry<String, String> library : manifest.libraries().entrySet()) {
      facts.add(List.of(library.getKey(), library.getValue()));
    }
    return facts;
  }

  private void table(List<String> headings, List<List<String>> rows) {
    table("figures-of-runs", headings, rows);
  }

  /** A column of numbers, some of which may be missing, is set flush right. */
  private void table(String kind, List<String> headings, List<List<String>> rows) {
    html.open("div", "class", "wide").open("table", "class", kind).open("thead").open("tr");
    for (int column = 0; column < headings.size(); column++) {
      cell("th", headings.get(column), numbers(rows, column));
    }
    html.close().close().open("tbody");
    for (List<String> row : rows) {
      html.open("tr");
      for (int column = 0; column < row.size(); column++) {
        cell("td", row.get(column), numbers(rows, column));
      }
      html.close();
    }
    html.close().close().close();
  }

  private void cell(String tag, String text, boolean number) {
    if (number) {
      html.element(tag, text, "class", "number");
    } else {
      html.element(tag, text);
    }
  }

  private static boolean numbers(List<List<String>> rows, int column) {
    return rows.stream()
        .map(row -> row.get(column))
        .allMatch(cell -> cell.equals(NONE) || cell.matches("-?[0-9,.]+( %)?"));
  }

  private static String nats(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(JsonNode node, String format) {
    return node.isNumber() ? String.format(Locale.ROOT, format, node.asDouble()) : NONE;
  }

  private static String percent(JsonNode node) {
    return node.isNumber() ? String.format(Locale.ROOT, "%.2f %%", 100 * node.asDouble()) : NONE;
  }
}
