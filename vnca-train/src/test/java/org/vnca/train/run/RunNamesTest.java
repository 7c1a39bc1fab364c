package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunNamesTest {
  @TempDir Path runs;

  @BeforeEach
  void threeRuns() throws IOException {
    run("mnist-1", 3000);
    run("mnist-2", 5000);
    run("faces", 4000);
    Files.createDirectory(runs.resolve("faces-notes"));
  }

  private void run(String name, long seconds) throws IOException {
    Path run = Files.createDirectory(runs.resolve(name));
    Files.createFile(run.resolve(RunDirectory.EXPERIMENT));
    Files.createFile(run.resolve(RunDirectory.MANIFEST));
    Path state = Files.createFile(run.resolve(RunDirectory.STATE));
    Files.setLastModifiedTime(state, FileTime.fromMillis(1000 * seconds));
  }

  private Path resolve(String given) {
    return RunNames.resolve(Path.of(given), runs);
  }

  @Test
  void beginningThatOneRunHas_isThatRun_alsoBehindADirectory() {
    assertThat(resolve("f")).isEqualTo(runs.resolve("faces"));
    assertThat(RunNames.resolve(runs.resolve("fac"), Path.of("elsewhere")))
        .isEqualTo(runs.resolve("faces"));
  }

  @Test
  void last_isTheOneWrittenLast_unlessADirectoryIsCalledSo() throws IOException {
    assertThat(resolve("last")).isEqualTo(runs.resolve("mnist-2"));
    Path own = Files.createDirectory(runs.resolve("last"));
    assertThat(RunNames.resolve(own, runs)).isEqualTo(own);
  }

  @Test
  void severalThatFit_areNamed_newestFirst() {
    assertThatThrownBy(() -> resolve("mnist"))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "mnist begins the names of 2 runs: %s, %s; give more of it"
                .formatted(runs.resolve("mnist-2"), runs.resolve("mnist-1")));
  }

  @Test
  void noneThatFits_namesTheNearest_orWhatThereIs() {
    assertThatThrownBy(() -> resolve("fcaes"))
        .hasMessage("there is no run fcaes: no such directory; did you mean faces?");
    assertThatThrownBy(() -> resolve("celeba"))
        .hasMessageStartingWith("there is no run celeba: no such directory; there are ")
        .hasMessageContaining(runs.resolve("mnist-2").toString());
  }
}
