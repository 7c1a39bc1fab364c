package org.vnca.eval.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A browser without a window, where one is installed, asked over its own protocol. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final int SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process browser;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());

  private Chromium(Process browser, URI page) {
    this.browser = browser;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Ear()).join();
  }

  /** The program's name; empty if there is none. */
  static Optional<String> installed() {
    return NAMES.stream().filter(Chromium::runs).findFirst();
  }

  private static boolean runs(String name) {
    try {
      Process browser = new ProcessBuilder(name, "--version").redirectErrorStream(true).start();
      browser.getInputStream().readAllBytes();
      return browser.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Starts it with an empty page.
   *
   * @param profile a folder of its own
   */
  static Chromium start(String program, Path profile) throws IOException, InterruptedException {
    Process browser =
        new ProcessBuilder(
                program,
                "--headless",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--use-gl=angle",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--window-size=1200,900",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    try {
      URI listening = listening(browser);
      String pages =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + listening.getPort() + "/json/list"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      for (JsonNode target : JSON.readTree(pages)) {
        if (target.path("type").asText().equals("page")) {
          return new Chromium(
              browser, URI.create(target.path("webSocketDebuggerUrl").asText()));
        }
      }
      throw new IOException("the browser has no page: " + pages);
    } catch (IOException | InterruptedException | RuntimeException e) {
      browser.destroyForcibly();
      throw e;
    }
  }

  /** What it writes first has its address; the rest is read so that it never waits for a reader. */
  private static URI listening(Process browser) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(browser.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int address = line.indexOf("ws://");
      if (address >= 0) {
        Thread reader = new Thread(() -> lines.lines().forEach(rest -> {}), "chromium");
        reader.setDaemon(true);
        reader.start();
        return URI.create(line.substring(address).strip());
      }
    }
    throw new IOException("the browser ended before it listened");
  }

  /** Calls a method of the protocol. */
  JsonNode call(String method, Map<String, Object> parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    try {
      String text =
          JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
      socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS);
      JsonNode found = answer.get(SECONDS, TimeUnit.SECONDS);
      if (found.has("error")) {
        throw new IllegalStateException(method + ": " + found.path("error"));
      }
      return found.path("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + " got no answer; events: " + events, e);
    }
  }

  /** The value of an expression in the page, a promise's once it is there. */
  JsonNode value(String expression) {
    JsonNode found =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (found.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + found.path("exceptionDetails"));
    }
    return found.path("result").path("value");
  }

  /** What the browser told of its own accord since it was last forgotten. */
  List<JsonNode> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Forgets all events. */
  void forget() {
    events.clear();
  }

  @Override
  public void close() {
    socket.abort();
    browser.descendants().forEach(ProcessHandle::destroyForcibly);
    browser.destroyForcibly();
    try {
      // Until then it writes into its profile, which is deleted next.
      browser.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hears the browser. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void heard(String message) {
      try {
        JsonNode found = JSON.readTree(message);
        if (found.has("id")) {
          answers.remove(found.path("id").asInt()).complete(found);
        } else {
          events.add(found);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
