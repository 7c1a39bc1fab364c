package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trian x | unknown command 'trian'; did you mean train? | ./vnca help",
        "zzzzzz | unknown command 'zzzzzz'; the commands are train, resume, | ./vnca help",
        "data | data needs one of: import, info | ./vnca help data",
        "data imprt | unknown command 'data imprt'; did you mean data import? | ./vnca help",
        "--json | there is no command; name one, such as train | ./vnca help",
        "--verson | unknown option '--verson'; did you mean --version? | ./vnca help",
        "train | train needs EXPERIMENT | ./vnca help train",
        "train a b | train takes only EXPERIMENT; 'b' is too much | ./vnca help train",
        "train a --sed x=1 | unknown train option '--sed'; did you mean --set? | ./vnca help train",
        "train a --count 3 | unknown train option '--count' | ./vnca help train",
        "train a --set | --set needs a value | ./vnca help train",
        "train a --run x --run y | --run stands there twice; give it once | ./vnca help train",
        "train a --json=yes | --json takes no value | ./vnca help train",
        "evaluate r --samples 0 | --samples must be whole numbers of at least 1, with commas between, but is '0' | ./vnca help evaluate",
        "evaluate r --images -1 | --images must be a whole number of at least 0, but is '-1' | ./vnca help evaluate",
        "evaluate r --batch many | --batch must be a whole number of at least 1, but is 'many' | ./vnca help evaluate",
        "evaluate r --checkpoint newest | --checkpoint must be best, latest or a step, but is 'newest' | ./vnca help evaluate",
        "sample r | sample needs --out FILE.png | ./vnca help sample",
        "sample r --out a.jpg | --out must end in one of .png, .svg, .pdf, but is 'a.jpg' | ./vnca help sample",
        "sample r --out a.pdf --format svg | --out must end in .svg with --format svg, but is 'a.pdf' | ./vnca help sample",
        "sample r --out a.pdf --doublings 5 --side 64 | --doublings and --side cannot both be given | ./vnca help sample",
        "sample r --out a.pdf --width -1 | --width must be a finite number above 0, but is '-1' | ./vnca help sample",
        "figure | figure needs NAME and RUN | ./vnca help figure",
        "figure growth | figure needs RUN | ./vnca help figure",
        "figure grwth r --out a.png | there is no figure 'grwth'; did you mean growth? | ./vnca help figure",
        "figure zzzzzz r --out a.png | there is no figure 'zzzzzz'; they are reconstructions, samples, | ./vnca help figure",
        "figure growth r | figure needs --out FILE.png | ./vnca help figure",
        "figure growth r --out a.jpg | --out must end in one of .png, .svg, .pdf, .gif, but is 'a.jpg' | ./vnca help figure",
        "figure growth r --out a.png --format gif | --out must end in .gif with --format gif, but is 'a.png' | ./vnca help figure",
        "figure growth r --out a.gif --format jpg | --format must be one of png, svg, pdf, gif, but is 'jpg' | ./vnca help figure",
        "figure all r | figure all needs --out FOLDER | ./vnca help figure",
        "figure all r --out f --format gif | --format must be one of png, svg, pdf, but is 'gif' | ./vnca help figure",
        "figure all r --out pom.xml | --out pom.xml is no folder, which figure all needs | ./vnca help figure",
        "figure all r --out f --count 3 | --count is for single figures, not for all | ./vnca help figure",
        "figure all r --out f --side 3 | --side is for single figures, not for all | ./vnca help figure",
        "figure samples r --out a.gif | figure samples does not move, so it cannot be a GIF; end --out in .png | ./vnca help figure",
        "figure growth r --out a.png --count 0 | --count must be a whole number of at least 1, but is '0' | ./vnca help figure",
        "damage | damage needs RUN | ./vnca help damage",
        "damage r --out a.gif | --out must end in one of .png, .svg, .pdf, but is 'a.gif' | ./vnca help damage",
        "damage r --threshold 0 | --threshold must be a number above 0 and at most 1, but is '0' | ./vnca help damage",
        "damage r --threshold 2 | --threshold must be a number above 0 and at most 1, but is '2' | ./vnca help damage",
        "damage r --cells 1.5 | --cells must be a number above 0 and at most 1, but is '1.5' | ./vnca help damage",
        "damage r --noise NaN | --noise must be a finite number above 0, but is 'NaN' | ./vnca help damage",
        "evaluate r --samples 9999999999 | --samples must be whole numbers from 1 to 16777216, with commas between, but is '9999999999' | ./vnca help evaluate",
        "evaluate r --samples 1,99999999 | --samples must be whole numbers from 1 to 16777216, with commas between, but is '1,99999999' | ./vnca help evaluate",
        "evaluate r --further 2147483647 | --further must be a whole number from 0 to 32768, but is '2147483647' | ./vnca help evaluate",
        "evaluate r --images 2147483648 | --images must be a whole number from 0 to 2147483647, but is '2147483648' | ./vnca help evaluate",
        "damage r --steps 2147483648 | --steps must be a whole number from 1 to 65536, but is '2147483648' | ./vnca help damage",
        "damage r --in-a-row 2000000000 | --in-a-row must be a whole number from 2 to 1000, but is '2000000000' | ./vnca help damage",
        "sample r --out a.png --count 100000000 | --count must be a whole number from 1 to 65536, but is '100000000' | ./vnca help sample",
        "figure growth r --out a.png --count 1000000000 | --count must be a whole number from 1 to 65536, but is '1000000000' | ./vnca help figure",
        "damage r --square 0 | --square must be a whole number of at least 1, but is '0' | ./vnca help damage",
        "damage r --in-a-row 1 | --in-a-row must be a whole number of at least 2, but is '1' | ./vnca help damage",
        "evaluate r --resume --restart | --resume and --restart exclude each other; give one of them | ./vnca help evaluate",
        "data import mnst d --out f | unknown format 'mnst'; did you mean mnist? | ./vnca help data import",
        "data import mnist d --out f --labels l | --labels is an option of data import binarized-mnist, not of data import mnist | ./vnca help data import mnist",
        "data import mnist d --out f --binarize x | --binarize must be a whole number of 64 bits, but is 'x' | ./vnca help data import mnist",
        "data import mnist d --out f --hold-out -1 | --hold-out must be at least 0, but is -1 | ./vnca help data import mnist",
        "data import images d --out f --size 4 --test-share 2 | --test-share must be a number from 0 to 1, but is 2.0 | ./vnca help data import images",
        "data import images d --out f --size 4 --test-share x | --test-share must be a number, but is 'x' | ./vnca help data import images",
        "data import images d --out f --size 4 --background red | --background must be one of white, black, but is 'red' | ./vnca help data import images",
        "data import images d --out f | data import images needs --size N | ./vnca help data import images",
        "data import images d --out f --sise 4 | unknown data import images option '--sise'; did you mean --size? | ./vnca help data import images",
        "data import mnist | data import mnist needs SOURCE | ./vnca help data import mnist",
        "data import --out f | data import needs FORMAT | ./vnca help data import",
        "help data import mnst | unknown format 'mnst'; did you mean mnist? | ./vnca help data import",
        "data info a b | data info takes only FILE.h5; 'b' is too much | ./vnca help data info",
        "help nosuch | unknown command 'nosuch' | ./vnca help"
      })
  void wrongWords_areNamedAndExitTwo(String line, String fault, String help) {
    Called called = Called.with(line.split(" ", -1));
    assertThat(called.err()).startsWith("vnca: " + fault);
    assertThat(called.err().lines()).hasSize(2).last().isEqualTo("for help: " + help);
    assertThat(called.status()).isEqualTo(2);
    assertThat(called.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train nosuch.yaml | vnca: nosuch.yaml: there is no such file",
        "resume nosuch | vnca: there is no run nosuch: no such directory",
        "evaluate nosuch --json | vnca: there is no run nosuch: no such directory",
        "sample nosuch --out x.png | vnca: there is no run nosuch: no such directory",
        "figure growth nosuch --out x.png | vnca: there is no run nosuch: no such directory",
        "damage nosuch | vnca: there is no run nosuch: no such directory",
        "runs nosuch | vnca: there are no runs in nosuch: no such directory",
        "data info nosuch.h5 | vnca: dataset nosuch.h5 does not exist"
      })
  void whatIsNotThere_isOneLineAndExitsOne(String line, String fault) {
    Called called = Called.with(line.split(" ", -1));
    assertThat(called.err()).startsWith(fault);
    assertThat(called.err().lines()).hasSize(1);
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.out()).isEmpty();
  }

  @Test
  void debug_addsTheStackTrace() {
    Called called = Called.with("--debug", "train", "nosuch.yaml");
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.err()).startsWith("vnca: nosuch.yaml").contains("\tat org.vnca.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data info embedded:digits --json",
        "--json data info embedded:digits",
        "data --json info -- embedded:digits"
      })
  void options_mayStandAnywhere(String line) {
    Called called = Called.with(line.split(" ", -1));
    assertThat(called.status()).as(called.err()).isZero();
    assertThat(called.json().path("name").asText()).isEqualTo("digits");
  }

  @Test
  void optionsBeforeTheCommand_keepTheirValues() {
    Called called = Called.with("--set", "train.steps=5", "--run", "runs", "train", "nosuch.yaml");
    assertThat(called.err()).startsWith("vnca: nosuch.yaml: there is no such file");
  }

  @Test
  void brokenStandardOutput_isAFailure() {
    PrintStream broken =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public boolean checkError() {
            return true;
          }
        };
    assertThat(Main.run(List.of("help"), broken, System.err, new Interruption())).isEqualTo(1);
  }
}
