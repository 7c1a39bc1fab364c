package org.vnca.eval.playground;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's engine in plain JavaScript against the program, in Node where there is one. */
class EnginesTest {
  @Test
  void statesOfEveryStep_areTheProgramsForEveryKindOfModel(@TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(Node.isThere(), "there is no node, which runs the page's JavaScript");
    Path truth = Agreement.write(folder);
    List<String> words = new ArrayList<>(List.of(Node.resource(folder, "harness.js").toString()));
    words.addAll(List.of(truth.toString(), "js"));
    for (String name : PageTemplate.files()) {
      if (name.endsWith(".js")) {
        Path file = folder.resolve(name);
        Files.writeString(file, PageTemplate.read(name));
        words.add(file.toString());
      }
    }
    words.add(Node.resource(folder, "compare.js").toString());
    JsonNode results = new ObjectMapper().readTree(Node.run(words));
    Agreement.check(results, 1e-4, "JavaScript");
  }
}
