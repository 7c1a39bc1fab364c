package org.vnca.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.vnca.train.experiment.ExperimentReader;
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
    Files.createDirectories(one.resolve("evaluation"));
    Files.writeString(
        one.resolve("evaluation/iwae.json"),
        """
        {"step":900,"split":"test","images":100,"samples":128,"nats":-84.23,"natsStandardError":0.5,
        "bitsPerDim":0.1187,"elboNats":-88.5,"reconstructionNats":-64.25,"klNats":24.25,
        "bounds":[{"samples":1,"nats":-88.4,"natsStandardError":0.6,"bitsPerDim":0.12},
        {"samples":128,"nats":-84.23,"natsStandardError":0.5,"bitsPerDim":0.1187}],
        "activeUnits":17,"latentUnits":256}
        """);
    Files.writeString(
        one.resolve("evaluation/probe.json"),
        """
        {"step":900,"split":"test","images":1000,"accuracy":0.9712,"accuracyStandardError":0.0053,
        "trainAccuracy":0.98}
        """);
    picture(one, "samples.png");
    picture(one, "damage/recovery.png");
    picture(other, "a & b.png");
    page = folder.resolve("report.html");
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
  void longCurves_areThinnedToMeans() {
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (int step = 1; step <= 1000; step++) {
      metrics.add(Map.of("step", step, "lossNats", (double) step));
    }
    Curve curve = Curve.of("x", "#000", false, metrics, "lossNats", -1);
    assertThat(curve.points()).hasSize(500);
    assertThat(curve.points().get(0)).isEqualTo(new Curve.Point(1.5, -1.5));
    assertThat(curve.points().get(499)).isEqualTo(new Curve.Point(999.5, -999.5));
  }

  @Test
  void axes_haveRoundTicks() {
    assertThat(new Axis(0, 2500).ticks())
        .containsExactly(0.0, 500.0, 1000.0, 1500.0, 2000.0, 2500.0);
    assertThat(new Axis(-0.31, 0.4).ticks().stream().map(Axis::label))
        .containsExactly("-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3", "0.4");
    assertThat(Axis.label(100_000)).isEqualTo("100k");
    Axis flat = Axis.around(7, 7);
    assertThat(flat.share(7)).isEqualTo(0.5);
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
   * Chromium shows every chart and picture, nothing stands out to the side on a phone, and there is
   * no error on its console. A copy of the page has a script that counts; the page itself has none.
   */
  @Test
  void browser_showsEverythingWithoutErrors() throws Exception {
    HtmlReport.write(List.of(one, other), page);
    Optional<String> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium; VNCA_CHROMIUM may name one");
    Shown plain = show(browser.get(), page);
    assertThat(plain.count("<svg ")).isEqualTo(3);
    assertThat(plain.count("<img ")).isEqualTo(3);
    assertThat(plain.errors()).doesNotContain("CONSOLE");
    Path counted = folder.resolve("counted.html");
    Files.writeString(
        counted,
        Files.readString(page)
            .replaceFirst("<meta http-equiv=[^>]*>", "")
            .replace(
                "</body>",
                """
                <script>
                addEventListener('load', () => {
                  const all = (what, holds) => [...document.querySelectorAll(what)].filter(holds).length;
                  document.title = 'charts ' + all('svg', s => s.getBoundingClientRect().height > 100)
                      + ' images ' + all('img', i => i.complete && i.naturalWidth === 64)
                      + ' curves ' + all('path', p => p.getTotalLength() > 5)
                      + ' out ' + (document.documentElement.scrollWidth > innerWidth);
                });
                </script></body>"""));
    Shown shown = show(browser.get(), counted);
    assertThat(shown.page()).contains("<title>charts 3 images 3 curves 8 out false</title>");
    assertThat(shown.errors()).doesNotContain("CONSOLE");
  }

  private record Shown(String page, String errors) {
    int count(String text) {
      Matcher found = Pattern.compile(Pattern.quote(text)).matcher(page);
      return (int) found.results().count();
    }
  }

  private Shown show(String browser, Path file) throws Exception {
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
                "--window-size=390,844",
                "--enable-logging=stderr",
                "--dump-dom",
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
