package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python in the documents and scripts, as it stands, on a run that is trained here. */
class RunInPythonTest {
  private static final Path NOTEBOOKS = Path.of("../docs/notebooks.md");

  @TempDir static Path folder;

  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Path tiny =
        Tiny.write(
            folder,
            """
            train:
              {steps: 4, batch: 2, device: cpu, report: {every: 1}, images: {every: 0},
               validation: {every: 2, images: 4}}
            evaluation: {images: 4, samples: 2, after-training: true}
            """);
    run = folder.resolve("run");
    Called trained = Called.with("train", tiny.toString(), "--run", run.toString());
    assertThat(trained.status()).as(trained.err()).isZero();
  }

  @Test
  void pandas_readsMetricsEvaluationsAndManifest() throws Exception {
    String python = python("pandas");
    String said = python(python, block("## With pandas"), run.toString());
    assertThat(said)
        .containsPattern("loss \\d+\\.\\d+ nats; best bound -\\d+\\.\\d+ at step [24]\\b")
        .contains("iwae-test-step", " test 2 -", "mean", "[]");
  }

  @Test
  void tensorFlow_readsCheckpointAndModel() throws Exception {
    String python = python("tensorflow");
    Path model = folder.resolve("model");
    assertThat(Called.with("export", run.toString(), "--out", model.toString()).status()).isZero();
    assertThat(python(python, block("## With TensorFlow"), run.toString(), model.toString()))
        .contains("encoder/conv0", "(16, 32, 32, 1)");
  }

  @Test
  void scripts_giveMlflowAndWandbEveryFigure() throws Exception {
    String python = python("yaml");
    // Neither is needed here: these record what is asked of them.
    Path modules = Files.createDirectories(folder.resolve("modules"));
    Files.writeString(
        modules.resolve("mlflow.py"),
        """
        import contextlib
        start_run = lambda run_name: contextlib.nullcontext(print("run", run_name))
        log_param = lambda key, value: print("param", key, value)
        log_metrics = lambda values, step: print("metrics", step, sorted(values))
        log_metric = lambda key, value, step: print("metric", key, step)
        log_artifact = lambda file, place: print("artifact", place)
        """);
    Files.writeString(
        modules.resolve("wandb.py"),
        """
        class Run:
            summary = {}
            def log(self, values, step): print("log", step, sorted(values))
            def finish(self): print("summary", sorted(self.summary))
        def init(name, config, reinit):
            print("run", name, config["train"]["steps"])
            return Run()
        """);
    assertThat(script(python, modules, "to-mlflow.py"))
        .contains("run run\n", "param train.batch 2\n", "metric testNats2 ", "artifact evaluation")
        .containsPattern("metrics 2 \\[.*'lossNats'.*\\]\\nmetrics 2 \\[.*'validationNats'.*\\]")
        .contains("metrics 4 ");
    assertThat(script(python, modules, "to-wandb.py"))
        .contains("run run 4\n", "summary ['testNats2']")
        .containsPattern("log 2 \\[.*'lossNats'.*'validationNats'.*\\]");
  }

  private static String script(String python, Path modules, String name) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(python, Path.of("../scripts", name).toString(), run.toString());
    builder.environment().put("PYTHONPATH", modules.toString());
    return output(builder);
  }

  /** The lines of Python below a heading. */
  private static String block(String heading) throws IOException {
    String text = Files.readString(NOTEBOOKS);
    Matcher block =
        Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
            .matcher(text.substring(text.indexOf(heading + "\n")));
    assertThat(block.find()).as(heading).isTrue();
    return block.group(1);
  }

  private static String python(String module) {
    List<String> candidates =
        Stream.concat(
                Stream.ofNullable(System.getenv("VNCA_PYTHON")),
                Stream.of("python3", "/usr/bin/python3"))
            .toList();
    Optional<String> found =
        candidates.stream()
            .filter(
                candidate -> {
                  try {
                    return new ProcessBuilder(candidate, "-c", "import " + module)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                        == 0;
                  } catch (IOException e) {
                    return false;
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .findFirst();
    assumeTrue(found.isPresent(), "no Python with " + module + " on this machine");
    return found.get();
  }

  private static String python(String python, String program, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(python, "-c", program));
    command.addAll(List.of(arguments));
    return output(new ProcessBuilder(command));
  }

  private static String output(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }
}
