package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole page in a browser, where there is one: WebGL2 is drawn by its processor there. */
class PageTest {
  private static final Map<String, Double> LIMITS = Map.of("js", 1e-4, "webgl2", 1e-3);

  @TempDir private static Path folder;

  private static Chromium browser;
  private static Path page;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    Optional<String> program = Chromium.installed();
    assumeTrue(program.isPresent(), "there is no chromium, which shows the page");
    page = Files.writeString(folder.resolve("page.html"), page());
    browser = Chromium.start(program.get(), folder.resolve("profile"));
    for (String domain : List.of("Runtime", "Log", "Network", "Page")) {
      browser.call(domain + ".enable", Map.of());
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void forget() {
    browser.forget();
  }

  /** Whatever a test did: no error anywhere, and nothing asked of any other place. */
  @AfterEach
  void nothingWentWrongAndNothingWasLoaded() {
    assertThat(browser.value("vnca.app.errors")).isEmpty();
    List<String> faults = new ArrayList<>();
    for (JsonNode event : browser.events()) {
      String method = event.path("method").asText();
      JsonNode told = event.path("params");
      String level = told.path("entry").path("level").asText() + told.path("type").asText();
      String address = told.path("request").path("url").asText();
      if (method.equals("Runtime.exceptionThrown")
          || (method.equals("Log.entryAdded") && level.contains("error"))
          || (method.equals("Runtime.consoleAPICalled") && level.contains("error"))) {
        faults.add(event.toString());
      }
      if (method.equals("Network.requestWillBeSent")
          && !address.startsWith(page.toUri().toString())
          && !address.startsWith("data:")
          && !address.startsWith("blob:")) {
        faults.add("it asked for " + address);
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"js", "webgl2"})
  void pagesOwnSteps_areTheProgramsAndADragWoundsThemButNotTheTwin(String engine) {
    show(engine);
    Map<?, ?> truth = (Map<?, ?>) ((List<?>) Agreement.truth().get("cases")).get(0);
    float[] latent = ((float[][]) truth.get("latents"))[0];
    browser.value("vnca.app.pause()");
    browser.value("vnca.app.grow(new Float32Array(" + ModelText.json(latent) + "))");
    List<Map<?, ?>> steps = new ArrayList<>();
    ((List<?>) truth.get("steps")).forEach(step -> steps.add((Map<?, ?>) step));
    for (int i = 0; i < steps.size(); i++) {
      requireSame(browser.value("vnca.app.states().then(Array.from)"), steps.get(i), engine);
      if (i + 1 < steps.size()) {
        browser.value("vnca.app.step()");
      }
    }
    drag();
    JsonNode body = browser.value("vnca.app.states().then(Array.from)");
    JsonNode twin = browser.value("vnca.app.twinStates().then(Array.from)");
    assertThat(body).isNotEqualTo(twin);
    int emptied = 0;
    for (JsonNode value : body) {
      emptied += value.asDouble() == 0 ? 1 : 0;
    }
    assertThat(emptied).as("values that the brush emptied").isPositive().isLessThan(body.size());
    browser.value("vnca.app.step()");
    Map<?, ?> last = steps.get(steps.size() - 1);
    assertThat(twin).hasSameSizeAs(body);
    requireSame(twin, last, engine);
    String words = "document.getElementById('where').textContent";
    assertThat(browser.value(words).asText()).contains("beyond what it was taught");
    browser.value("vnca.app.model.about.trainedToGoOn = true");
    browser.value("vnca.app.step()");
    assertThat(browser.value(words).asText()).contains("cells").doesNotContain("taught");
  }

  private static void requireSame(JsonNode found, Map<?, ?> step, String engine) {
    float[] wanted = Truth.floats((String) ((List<?>) step.get("states")).get(0));
    assertThat(found).hasSize(wanted.length);
    double sum = 0;
    double squares = 0;
    double most = 0;
    for (int i = 0; i < wanted.length; i++) {
      sum += wanted[i];
      squares += wanted[i] * wanted[i];
      most = Math.max(most, Math.abs(found.get(i).asDouble() - wanted[i]));
    }
    double mean = sum / wanted.length;
    double spread = Math.sqrt(squares / wanted.length - mean * mean);
    assertThat(most / spread).isLessThan(LIMITS.get(engine));
  }

  private static void drag() {
    JsonNode place =
        browser.value(
            "(() => {const r = document.getElementById('vnca-cells').getBoundingClientRect();"
                + " return [r.left, r.top, r.width, r.height];})()");
    double x = place.get(0).asDouble() + place.get(2).asDouble() / 4;
    double y = place.get(1).asDouble() + place.get(3).asDouble() / 4;
    mouse("mousePressed", x, y);
    for (int i = 1; i <= 4; i++) {
      mouse("mouseMoved", x + i * place.get(2).asDouble() / 20, y);
    }
    mouse("mouseReleased", x + place.get(2).asDouble() / 5, y);
    browser.value("vnca.app.position()");
    browser.value("vnca.app.pause()");
  }

  private static void mouse(String type, double x, double y) {
    browser.call(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
  }

  @Test
  void webgl_computesWhatTheProgramComputesForEveryKindOfModel() throws IOException {
    show("webgl2");
    browser.value("vnca.app.pause()");
    browser.value(resource("compare.js"));
    ArrayNode results = new ObjectMapper().createArrayNode();
    for (Object one : (List<?>) Agreement.truth().get("cases")) {
      results.add(browser.value("playgroundCompare(" + ModelText.json(one) + ", 'webgl2')"));
    }
    Agreement.check(results, LIMITS.get("webgl2"), "WebGL2");
  }

  private static void show(String engine) {
    // The same page with another fragment alone would not be loaded again.
    String address = page.toUri() + "?" + System.nanoTime() + "#engine=" + engine;
    browser.call("Page.navigate", Map.of("url", address));
    browser.value(
        "new Promise(done => {const look = () => globalThis.vnca && vnca.app && vnca.app.ready"
            + " ? vnca.app.ready.then(done) : setTimeout(look, 20); look();})");
    assertThat(browser.value("vnca.app.engineKind").asText()).isEqualTo(engine);
    // JavaScript computes in a worker: the page falls back to its own thread without a word.
    assertThat(browser.value("vnca.app.pair.constructor.name").asText())
        .isEqualTo(engine.equals("js") ? "RemotePair" : "Pair");
  }

  /** The first case as a page, with nothing that a dataset would give. */
  private static String page() {
    Map<?, ?> truth = (Map<?, ?>) ((List<?>) Agreement.truth().get("cases")).get(0);
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("examples", null);
    more.put("dimensions", null);
    more.put("about", about());
    String model = (String) truth.get("model");
    String rest = ModelText.json(more);
    return PageTemplate.filled(
        "test",
        model.substring(0, model.length() - 1) + "," + rest.substring(1),
        (String) truth.get("weights"));
  }

  private static Map<String, Object> about() {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", "test");
    about.put("run", "test-1");
    about.put("step", 1);
    about.put("commit", null);
    about.put("dataset", null);
    about.put("decoder", "doubling");
    about.put("rule", "residual");
    about.put("parameters", 1);
    about.put("bound", null);
    about.put("notes", List.of());
    return about;
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = PageTest.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
