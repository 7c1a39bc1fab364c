package org.vnca.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.eval.EvaluationReport;
import org.vnca.eval.chart.Axis;
import org.vnca.eval.probe.ProbeReport;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.Mark;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunWriter;

class HtmlReportTest {
  private static final String NASTY = "<script>alert(\"1\")</script>&'";

  @TempDir Path folder;
  private Path one;
  private Path other;
  private Path page;

  @BeforeEach
  void write() throws IOException {
    one = run("one", 8, 900, Map.of());
    other = run("other", 16, 40, Map.of("weird", NASTY));
    RunDirectory directory = RunDirectory.open(one);
    directory.writeEvaluation("iwae", evaluation());
    directory.writeEvaluation("probe", probe());
    picture(one, "samples.png");
    picture(one, "damage/recovery.png");
    picture(other, "a & b.png");
    page = folder.resolve("report.html");
  }

  /** What an evaluation writes; the page reads it by the names of its components. */
  private static EvaluationReport evaluation() {
    return new EvaluationReport(
        "run-one",
        900,
        "test",
        100,
        128,
        "iwae",
        -84.23,
        0.5,
        0.1187,
        -88.5,
        -64.25,
        24.25,
        3.5,
        0.7,
        0.6,
        0.2,
        0.125,
        0.0905,
        0.0342,
        List.of(
            new EvaluationReport.Bound(1, -88.4, 0.6, 0.12),
            new EvaluationReport.Bound(128, -84.23, 0.5, 0.1187)),
        17,
        256,
        0,
        "evaluation/iwae.csv",
        0,
        "trained");
  }

  private static ProbeReport probe() {
    return new ProbeReport(
        "run-one",
        900,
        "test",
        0.9712,
        0.0053,
        0.11,
        1000,
        10,
        256,
        5000,
        0.98,
        500,
        1e-3,
        List.of(new ProbeReport.Candidate(1e-3, 0.96, 0.12)),
        40,
        1.5,
        "trained");
  }

  private Path run(String name, int batch, int reports, Map<String, String> libraries)
      throws IOException {
    Path descriptor = folder.resolve(name + ".yaml");
    Files.writeString(descriptor, "name: " + name + "\ntrain: {batch: " + batch + "}\n");
    RunDirectory run =
        RunDirectory.create(
            folder,
            folder.resolve("run-" + name),
            ExperimentReader.read(descriptor),
            Manifest.here(folder)
                .withLibraries(libraries)
                .withCommandLine(List.of("train", NASTY)));
    try (RunWriter writer = run.write();
        MetricsLog metrics = writer.metrics(-1)) {
      for (int step = 1; step <= reports; step++) {
        metrics.append(
            step,
            Map.of(
                "lossNats",
                90 + 5000.0 / (step * step),
                "reconstructionNats",
                70.0,
                "klNats",
                step == 3 ? Double.NaN : 20.0));
        if (step % 10 == 0) {
          metrics.append(step, Map.of("validationNats", -92.0));
        }
      }
      writer.finished();
    }
    return run.path();
  }

  private static void picture(Path run, String name) throws IOException {
    Path file = run.resolve("figures").resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }

  @Test
  void page_hasEveryRunsFigures() throws IOException {
    ReportSummary report = HtmlReport.write(List.of(one, other), page);
    assertThat(report.charts()).isEqualTo(3);
    assertThat(report.figures()).isEqualTo(3);
    String html = Files.readString(page);
    assertThat(report.bytes()).isEqualTo(Files.size(page));
    assertThat(html)
        .contains("2 runs compared", "train.batch", "-88.40", "-84.23", "17 of 256", "97.12 %")
        .contains("alt=\"damage/recovery.png\"", "alt=\"a &amp; b.png\"")
        .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;")
        .doesNotContain("<script", "http://", "https://");
    // Two curves of the first chart for each run, one of the others.
    assertThat(html.split("<path ", -1)).hasSize(1 + 4 + 2 + 2);
  }

  @Test
  void pagesAmongTheFigures_areLinkedFromWhereTheReportLies() throws IOException {
    Path play = one.resolve("figures").resolve("play & 1.html");
    Files.writeString(play, "<p>");
    HtmlReport.write(List.of(one, other), page);
    assertThat(Files.readString(page))
        .contains("<a href=\"./run-one/figures/play%20%26%201.html\">play &amp; 1.html</a>");
    Path deeper = folder.resolve("a").resolve("b").resolve("report.html");
    HtmlReport.write(List.of(one), deeper);
    assertThat(Files.readString(deeper))
        .contains("\"./../../run-one/figures/play%20%26%201.html\"");
    assertThat(deeper.getParent().resolve("../../run-one/figures/play & 1.html")).exists();
  }

  @Test
  void longCurves_areThinnedToMeans() {
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (int step = 1; step <= 1000; step++) {
      metrics.add(Map.of("step", step, "lossNats", (double) step));
    }
    Curve curve = Curve.of("x", Ink.BLACK, false, metrics, "lossNats", -1);
    assertThat(curve.points()).hasSize(500);
    assertThat(curve.points().get(0)).isEqualTo(new Curve.Point(1.5, -1.5));
    assertThat(curve.points().get(499)).isEqualTo(new Curve.Point(999.5, -999.5));
    // The axis ends where the run does.
    assertThat(new LineChart("Loss", "id", List.of(curve)).svg()).contains(">1,000</text>");
  }

  @Test
  void valuesThatExplode_areCutOffAndSaidSo() {
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (int step = 1; step <= 100; step++) {
      Object loss = step < 80 ? 100 + 50.0 / step : step < 90 ? 1e37 : step < 95 ? 1e300 : "NaN";
      metrics.add(Map.of("step", step, "lossNats", loss));
    }
    Curve wild = Curve.of("wild", Ink.BLACK, false, metrics, "lossNats", 1);
    Curve tame = Curve.of("tame", Ink.GREY, false, metrics.subList(0, 70), "lossNats", 1);
    LineChart chart = new LineChart("Loss", "id", List.of(wild, tame));
    assertThat(chart.missing())
        .hasValue(
            "Beyond the frame at some steps: wild. Not finite, and left out, at some steps: wild.");
    String svg = chart.svg();
    Matcher paths = Pattern.compile(" d=\"M([^\"]*)\"").matcher(svg);
    List<Double> heights = new ArrayList<>();
    paths
        .results()
        .flatMap(path -> Stream.of(path.group(1).split("L", -1)))
        .forEach(point -> heights.add(Double.valueOf(point.split(" ", -1)[1])));
    assertThat(heights).hasSize(94 + 70).allMatch(y -> Math.abs(y) < 10_000);
    assertThat(svg).contains(">100</text>").doesNotContain("NaN", "Infinity", "e37");
    assertThat(new LineChart("Loss", "id", List.of(tame)).missing()).isEmpty();
    assertThat(Axis.between(0, 2e37).label(2e37)).isEqualTo("2.0e37");
  }

  /** What is beyond the frame is cut. */
  @ParameterizedTest
  @ValueSource(ints = {7, 30, 2500, 9999, 100_000, 123_456_789})
  void labels_areInsideTheFrame(int last) {
    for (double scale : new double[] {1, 1e-5, 12_345_000, -2e37}) {
      List<Map<String, Object>> metrics = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        metrics.add(Map.of("step", last * (long) i / 5, "lossNats", scale * i));
      }
      LineChart chart =
          new LineChart(
              "Loss", "id", List.of(Curve.of("x", Ink.BLACK, false, metrics, "lossNats", 1)));
      Drawing drawing = chart.drawing();
      assertThat(drawing.texts()).hasSizeGreaterThan(6);
      for (Mark.Text text : drawing.texts()) {
        double[] covered = text.covered();
        assertThat(covered[0]).as(text.words()).isNotNegative();
        assertThat(covered[1]).as(text.words()).isNotNegative();
        assertThat(covered[2]).as(text.words()).isLessThanOrEqualTo(drawing.width());
        assertThat(covered[3]).as(text.words()).isLessThanOrEqualTo(drawing.height());
        // Whatever typeface a browser takes, the words take the room that was measured.
        assertThat(chart.svg())
            .containsPattern(
                "textLength=\"[0-9.]+\" lengthAdjust=\"spacingAndGlyphs\"[^>]*>"
                    + Pattern.quote(text.words()));
      }
    }
  }

  /** The ratio that WCAG 2.1 asks for between lines and what is behind them. */
  @Test
  void inks_areSeenOnADarkPage_andHaveTheirClasses() {
    Ink page = new Ink(0x0d1117);
    for (Ink ink : PageInks.light().keySet()) {
      Ink seen = PageInks.dark(ink);
      double least = ink.equals(Ink.PALE) ? 1.5 : 3;
      assertThat((luminance(seen) + 0.05) / (luminance(page) + 0.05))
          .as(ink.css())
          .isGreaterThan(least);
      assertThat(PageInks.style()).contains("." + PageInks.classOf(ink) + "{color:" + ink.css());
    }
  }

  private static double luminance(Ink ink) {
    double sum = 0;
    double[] weights = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++) {
      double level = (ink.rgb() >> (16 - 8 * i) & 0xff) / 255.0;
      sum +=
          weights[i] * (level <= 0.03928 ? level / 12.92 : Math.pow((level + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  /** A chart of hundreds of runs is not hundreds of times as large as that of one. */
  @Test
  void manyCurves_haveFewerPointsEach() {
    assertThat(Curve.most(2)).isEqualTo(500);
    assertThat(Curve.most(400)).isEqualTo(100);
    assertThat(Curve.most(100_000)).isEqualTo(50);
  }

  @Test
  void page_appearsWhole_inAFolderThatIsMade_orNotAtAll() throws IOException {
    Path deep = folder.resolve("new/folder/report.html");
    HtmlReport.write(List.of(one), deep);
    assertThat(deep).content().startsWith("<!DOCTYPE html>").containsPattern("</html>\\s*$");
    assertThat(deep.getParent()).isDirectoryNotContaining("glob:**/.*");
    Path taken = Files.createDirectories(folder.resolve("taken.html"));
    assertThatThrownBy(() -> HtmlReport.write(List.of(one), taken))
        .isInstanceOf(RunException.class)
        .hasMessage(taken + " cannot be written: it is a folder; name a file in it");
    assertThat(folder).isDirectoryNotContaining("glob:**/.tmp-*");
  }

  @Test
  void whatIsNoRun_isNamed() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> HtmlReport.write(List.of(one, none), page))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("there is no run " + none);
    assertThat(page).doesNotExist();
  }

  /**
   * A copy of the page that measures itself. Where a curve's point is on the screen is translated
   * to its step and value by the lines of the grid and what is written beside them. It ends with an
   * error on the console, so that it is sure that errors are seen.
   */
  private Path measuring() throws IOException {
    Path copy = folder.resolve("measuring.html");
    Files.writeString(
        copy,
        Files.readString(page)
            .replaceFirst("<meta http-equiv=[^>]*>", "")
            .replace(
                "</body>",
                """
                <script>
                addEventListener('load', () => {
                  const all = (what, of = document) => [...of.querySelectorAll(what)];
                  const count = (what, holds) => all(what).filter(holds).length;
                  const curves = all('svg').map(svg => {
                    const texts = all('text', svg), across = [], up = [];
                    all(':scope > rect.ink-e0e0e0', svg).forEach((line, i) => {
                      const box = line.getBoundingClientRect(), value = Number(texts[i].textContent);
                      if (box.width > box.height) up.push([(box.top + box.bottom) / 2, value]);
                      else across.push([(box.left + box.right) / 2, value]);
                    });
                    const perPixel = ends => (ends.at(-1)[1] - ends[0][1]) / (ends.at(-1)[0] - ends[0][0]);
                    const at = (ends, pixel) => ends[0][1] + (pixel - ends[0][0]) * perPixel(ends);
                    return all('path', svg).map(path => {
                      const p = path.getPointAtLength(path.getTotalLength())
                          .matrixTransform(path.getScreenCTM());
                      return {x: p.x, y: p.y, step: at(across, p.x), value: at(up, p.y),
                          stepsPerPixel: Math.abs(perPixel(across)), perPixel: Math.abs(perPixel(up))};
                    });
                  });
                  document.title = JSON.stringify({
                    charts: count('svg', s => s.getBoundingClientRect().height > 100),
                    cut: count('svg text', t => {
                      const box = t.getBoundingClientRect();
                      const frame = t.ownerSVGElement.getBoundingClientRect();
                      return box.left < frame.left || box.right > frame.right;
                    }),
                    images: count('img', i => i.complete && i.naturalWidth === 64),
                    out: document.documentElement.scrollWidth - innerWidth, curves});
                  console.error('the script has come to its end');
                });
                </script></body>"""));
    return copy;
  }

  /** Chromium's console has no error, and on a phone nothing stands out to the side. */
  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void browser_showsEverythingWithoutErrors(int width) throws Exception {
    HtmlReport.write(List.of(one, other), page);
    Optional<String> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium; VNCA_CHROMIUM may name one");
    Shown plain = show(browser.get(), page, width, "--dump-dom");
    assertThat(plain.count("<svg ")).isEqualTo(3);
    assertThat(plain.count("<img ")).isEqualTo(3);
    assertThat(plain.errors()).doesNotContain("CONSOLE");
    Shown measured = show(browser.get(), measuring(), width, "--dump-dom");
    assertThat(measured.count("CONSOLE")).isEqualTo(1);
    assertThat(measured.errors()).contains("the script has come to its end");
    JsonNode page = measured.title();
    assertThat(page.path("charts").asInt()).isEqualTo(3);
    assertThat(page.path("images").asInt()).isEqualTo(3);
    assertThat(page.path("out").asInt()).isNotPositive();
    assertThat(page.path("cut").asInt(-1)).isZero();
    JsonNode loss = page.path("curves").get(0);
    assertThat(loss).hasSize(4);
    // Of 900 reports neighbours are averaged; training and validation of one, then of other.
    assertEnds(loss.get(0), 899.5, 90 + 5000.0 / (899.5 * 899.5));
    assertEnds(loss.get(1), 900, 92);
    assertEnds(loss.get(2), 40, 90 + 5000.0 / 1600);
    assertEnds(loss.get(3), 40, 92);
    for (int chart = 1; chart < 3; chart++) {
      JsonNode curves = page.path("curves").get(chart);
      assertThat(curves).hasSize(2);
      assertEnds(curves.get(0), 899.5, chart == 1 ? 70 : 20);
      assertEnds(curves.get(1), 40, chart == 1 ? 70 : 20);
    }
  }

  /** To a pixel; coordinates have one digit behind the point. */
  private static void assertEnds(JsonNode curve, double step, double value) {
    assertThat(curve.path("step").asDouble())
        .isCloseTo(step, within(curve.path("stepsPerPixel").asDouble()));
    assertThat(curve.path("value").asDouble())
        .isCloseTo(value, within(curve.path("perPixel").asDouble()));
  }

  /** Where the script says that a curve ends, the picture has its colour. */
  @Test
  void browser_paintsTheCurvesWhereTheyAre() throws Exception {
    HtmlReport.write(List.of(one, other), page);
    Optional<String> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium; VNCA_CHROMIUM may name one");
    JsonNode curves = show(browser.get(), measuring(), 1280, "--dump-dom").title().path("curves");
    Path file = folder.resolve("page.png");
    show(browser.get(), page, 1280, "--screenshot=" + file);
    BufferedImage picture = ImageIO.read(file.toFile());
    for (int chart = 0; chart < 3; chart++) {
      assertPainted(picture, curves.get(chart).get(0), 0x0072b2);
      assertPainted(picture, curves.get(chart).get(chart == 0 ? 2 : 1), 0xd55e00);
    }
  }

  private static void assertPainted(BufferedImage picture, JsonNode curve, int colour) {
    int x = (int) curve.path("x").asDouble() - 1;
    int y = (int) curve.path("y").asDouble();
    int least = 255;
    for (int dy = -1; dy <= 1; dy++) {
      int found = picture.getRGB(x, y + dy);
      int off = 0;
      for (int shift = 0; shift <= 16; shift += 8) {
        off = Math.max(off, Math.abs((found >> shift & 0xff) - (colour >> shift & 0xff)));
      }
      least = Math.min(least, off);
    }
    assertThat(least).as("distance of the colour at %d, %d", x, y).isLessThan(40);
  }

  private record Shown(String page, String errors) {
    int count(String text) {
      Matcher found = Pattern.compile(Pattern.quote(text)).matcher(page + errors);
      return (int) found.results().count();
    }

    /** The title, which is JSON. */
    JsonNode title() throws IOException {
      Matcher title = Pattern.compile("<title>(\\{.*?\\})</title>").matcher(page);
      assertThat(title.find()).as(errors).isTrue();
      return new ObjectMapper().readTree(title.group(1));
    }
  }

  private Shown show(String browser, Path file, int width, String what) throws Exception {
    Path profile = Files.createTempDirectory(folder, "profile");
    Path out = folder.resolve("dom.html");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--window-size=" + width + ",2400",
                "--enable-logging=stderr",
                what,
                file.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("Chromium ended").isTrue();
    return new Shown(Files.readString(out), Files.readString(errors));
  }

  private static Optional<String> browser() {
    String named = System.getenv("VNCA_CHROMIUM");
    if (named != null) {
      return Optional.of(named);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
