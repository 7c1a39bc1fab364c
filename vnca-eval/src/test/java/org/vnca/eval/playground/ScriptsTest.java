package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.javascript.jscomp.CheckLevel;
import com.google.javascript.jscomp.CommandLineRunner;
import com.google.javascript.jscomp.Compiler;
import com.google.javascript.jscomp.CompilerOptions;
import com.google.javascript.jscomp.DiagnosticGroups;
import com.google.javascript.jscomp.SourceFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the page's files are written; a rule of the build that needs neither Node nor a network. */
class ScriptsTest {
  private static final int WIDTH = 110;

  /** Texts of another language, which has only {@code ==}. */
  private static final String SHADERS = "webgl-shaders.js";

  /** What the compiler's list of a browser's names lacks. */
  private static final String MORE_NAMES = "var addEventListener; var matchMedia;";

  /** What is never written, and what stands for it. */
  private static final List<List<String>> NEVER =
      List.of(
          List.of("\\bvar ", "const or let"),
          List.of("[^=!]==[^=]", "==="),
          List.of("!=[^=]", "!=="),
          List.of("\\bconsole\\.", "the page's notice"),
          List.of("\\b(fetch|XMLHttpRequest|WebSocket|importScripts)\\b", "nothing: nothing is loaded"),
          List.of("https?://(?!www\\.w3\\.org/)", "nothing: nothing is loaded"),
          List.of("\\beval\\(|new Function\\b|innerHTML = [^']", "elements and functions"));

  @Test
  void scripts_haveNoFaultThatACompilerSees() throws IOException {
    List<SourceFile> names = new ArrayList<>();
    names.addAll(CommandLineRunner.getBuiltinExterns(CompilerOptions.Environment.BROWSER));
    names.add(SourceFile.fromCode("more.js", MORE_NAMES));
    assertThat(faults(names, scripts())).isEmpty();
  }

  @Test
  void compiler_seesFaults() throws IOException {
    List<SourceFile> names = CommandLineRunner.getBuiltinExterns(CompilerOptions.Environment.BROWSER);
    assertThat(faults(names, List.of(SourceFile.fromCode("a.js", "'use strict'; missing();"))))
        .hasSize(1)
        .first()
        .asString()
        .contains("missing");
    assertThat(
            faults(
                names,
                List.of(SourceFile.fromCode("a.js", "'use strict'; (() => { const a = 1; })();"))))
        .hasSize(1);
  }

  private static List<SourceFile> scripts() {
    return PageTemplate.files().stream()
        .filter(name -> name.endsWith(".js"))
        .map(name -> SourceFile.fromCode(name, PageTemplate.read(name)))
        .toList();
  }

  /** Names that are declared nowhere or twice, that are not used, and what is no JavaScript. */
  private static List<String> faults(List<SourceFile> names, List<SourceFile> scripts) {
    CompilerOptions options = new CompilerOptions();
    options.setChecksOnly(true);
    options.setLanguageIn(CompilerOptions.LanguageMode.UNSUPPORTED);
    options.setCheckSymbols(true);
    options.setWarningLevel(DiagnosticGroups.CHECK_VARIABLES, CheckLevel.ERROR);
    options.setWarningLevel(DiagnosticGroups.UNDEFINED_VARIABLES, CheckLevel.ERROR);
    options.setWarningLevel(DiagnosticGroups.UNUSED_LOCAL_VARIABLE, CheckLevel.ERROR);
    options.setWarningLevel(DiagnosticGroups.SUSPICIOUS_CODE, CheckLevel.ERROR);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Compiler compiler = new Compiler(nowhere);
    compiler.compile(names, scripts, options);
    return Stream.concat(compiler.getErrors().stream(), compiler.getWarnings().stream())
        .map(Object::toString)
        .toList();
  }

  @Test
  void files_areWrittenInOneStyle() {
    List<String> faults = new ArrayList<>();
    List<String> all = new ArrayList<>(PageTemplate.files());
    all.add("page.html");
    for (String name : all) {
      String text = PageTemplate.read(name);
      if (!text.endsWith("\n") || text.endsWith("\n\n")) {
        faults.add(name + " must end with one line's end");
      }
      if (name.endsWith(".js") && !text.startsWith("'use strict';\n")) {
        faults.add(name + " must begin with 'use strict';");
      }
      if (text.contains("</script") || text.contains("</style")) {
        faults.add(name + " would end its own element");
      }
      int number = 0;
      for (String line : text.split("\n", -1)) {
        number++;
        String place = name + ":" + number + " ";
        if (line.contains("\t") || line.endsWith(" ") || line.endsWith("\r")) {
          faults.add(place + "has a tab, or a blank at its end");
        }
        if (line.length() > WIDTH && !name.endsWith(".html")) {
          faults.add(place + "is longer than " + WIDTH);
        }
        int indent = line.length() - line.stripLeading().length();
        if (indent % 2 != 0 && !line.strip().startsWith("*")) {
          faults.add(place + "is indented by " + indent);
        }
        if (name.endsWith(".js") && !name.equals(SHADERS) && !isComment(line)) {
          never(line).forEach(instead -> faults.add(place + "write " + instead));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static boolean isComment(String line) {
    return line.strip().startsWith("*")
        || line.strip().startsWith("/*")
        || line.strip().startsWith("//");
  }

  private static List<String> never(String line) {
    return NEVER.stream()
        .filter(rule -> Pattern.compile(rule.get(0)).matcher(line).find())
        .map(rule -> rule.get(1))
        .toList();
  }

  @Test
  void everyFileOfTheRoom_isOnThePage() throws IOException {
    assertThat(PageTemplate.files()).doesNotHaveDuplicates();
    try (Stream<Path> files = Files.list(room())) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".js") || name.endsWith(".css")))
          .containsExactlyInAnyOrderElementsOf(PageTemplate.files());
    }
  }

  private static Path room() {
    return Path.of("src/main/resources/org/vnca/eval/playground");
  }
}
