package org.vnca.train.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run comes from: what else than the descriptor its numbers depend on.
 *
 * @param git state of the program's directory
 * @param data the dataset
 * @param libraries versions by name
 * @param java version of Java
 * @param vm name and version of the virtual machine
 * @param os name, version and architecture of the operating system
 * @param device what the graph runs on, in words
 * @param threads CPU threads
 * @param started when, in UTC, as ISO 8601
 * @param commandLine words of the command that started the run
 * @param weights the file that the first weights came from; null if they were drawn
 * @param jars from outside the project, if the model has a part of one
 * @param resumed each time that the run went on, in order
 */
public record Manifest(
    Git git,
    Data data,
    Map<String, String> libraries,
    String java,
    String vm,
    String os,
    String device,
    int threads,
    String started,
    List<String> commandLine,
    @JsonInclude(JsonInclude.Include.NON_NULL) Data weights,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Jar> jars,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Resumption> resumed) {

  /** What is written where a fact cannot be found out. */
  public static final String UNKNOWN = "unknown";

  /**
   * The commit that the program was built from.
   *
   * @param commit full hash, or {@link #UNKNOWN}
   * @param state {@code clean}, {@code dirty} (changed or untracked files) or {@link #UNKNOWN}
   */
  public record Git(String commit, String state) {
    public Git {
      commit = known(commit);
      state = known(state);
    }
  }

  /**
   * The dataset.
   *
   * @param location file, absolute, or the name of data that come with the program
   * @param sha256 checksum of the file, 64 hexadecimal digits
   * @param fromRun path of the file from the run's directory, so that both may be moved together;
   *     null where there is none
   */
  public record Data(
      String location, String sha256, @JsonInclude(JsonInclude.Include.NON_NULL) String fromRun) {
    /** A file whose place beside the run does not matter. */
    public Data(String location, String sha256) {
      this(location, sha256, null);
    }
  }

  /**
   * A time that the run went on.
   *
   * @param at when, in UTC, as ISO 8601
   * @param fromStep training steps that were done
   * @param commandLine words of the command
   * @param changes the settings that were not as before
   */
  public record Resumption(
      String at, long fromStep, List<String> commandLine, List<Change> changes) {
    public Resumption {
      at = known(at);
      commandLine = commandLine == null ? List.of() : List.copyOf(commandLine);
      changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /** One that happens now. */
    public static Resumption now(long fromStep, List<String> commandLine, List<Change> changes) {
      return new Resumption(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), fromStep, commandLine, changes);
    }
  }

  /**
   * A setting that changed.
   *
   * @param key dotted
   * @param from its value before, as text
   * @param to its value since
   */
  public record Change(String key, String from, String to) {
    @Override
    public String toString() {
      return key + ": " + from + " -> " + to;
    }
  }

  /**
   * A jar from outside the project.
   *
   * @param name its file's
   * @param location its file, absolute
   * @param sha256 its checksum, 64 hexadecimal digits
   * @param kinds what the run's model has of it, such as {@code update rule growing}; none for what
   *     such a jar needs itself
   */
  public record Jar(String name, String location, String sha256, List<String> kinds) {
    public Jar {
      if (name == null || sha256 == null) {
        throw new IllegalArgumentException("it does not say which jar from outside was used");
      }
      kinds = kinds == null ? List.of() : List.copyOf(kinds);
    }
  }

  public Manifest {
    if (data == null || data.location() == null || data.sha256() == null) {
      throw new IllegalArgumentException("it does not say which dataset the run began with");
    }
    git = git == null ? new Git(UNKNOWN, UNKNOWN) : git;
    java = known(java);
    vm = known(vm);
    os = known(os);
    device = known(device);
    started = known(started);
    libraries =
        libraries == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(libraries));
    commandLine = commandLine == null ? List.of() : List.copyOf(commandLine);
    jars = jars == null ? List.of() : List.copyOf(jars);
    resumed = resumed == null ? List.of() : List.copyOf(resumed);
  }

  private static String known(String fact) {
    return fact == null ? UNKNOWN : fact;
  }

  /**
   * What can be found out here: commit, Java, operating system, time. The rest is unknown until it
   * is added.
   *
   * @param project the program's directory
   */
  public static Manifest here(Path project) {
    return here(GitState.of(project));
  }

  /** The same for a program whose commit is known without asking git. */
  public static Manifest here(Git git) {
    return new Manifest(
        git,
        new Data(UNKNOWN, UNKNOWN),
        Map.of(),
        System.getProperty("java.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")),
        UNKNOWN,
        0,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        List.of(),
        null,
        List.of(),
        List.of());
  }

  /** The same, the dataset's path from the run's directory noted if it has one. */
  Manifest seenFrom(Path run) {
    Path file = data == null || data.location() == null ? null : Path.of(data.location());
    if (file == null || !file.isAbsolute() || !Files.exists(file)) {
      return this;
    }
    try {
      Path relative = run.toRealPath().relativize(file.toRealPath());
      return with(new Data(data.location(), data.sha256(), relative.toString()));
    } catch (IOException | IllegalArgumentException e) {
      // Another root: then there is no such path.
      return this;
    }
  }

  private Manifest with(Data changed) {
    return new Manifest(
        git,
        changed,
        libraries,
        java,
        vm,
        os,
        device,
        threads,
        started,
        commandLine,
        weights,
        jars,
        resumed);
  }

  /** The same with another dataset. */
  public Manifest withData(String location, String sha256) {
    return new Manifest(
        git,
        new Data(location, sha256),
        libraries,
        java,
        vm,
        os,
        device,
        threads,
        started,
        commandLine,
        weights,
        jars,
        resumed);
  }

  /** The same with first weights from a file. */
  public Manifest withWeights(String location, String sha256) {
    return new Manifest(
        git,
        data,
        libraries,
        java,
        vm,
        os,
        device,
        threads,
        started,
        commandLine,
        new Data(location, sha256),
        jars,
        resumed);
  }

  /** The same with jars from outside. */
  public Manifest withJars(List<Jar> others) {
    return new Manifest(
        git, data, libraries, java, vm, os, device, threads, started, commandLine, weights, others, resumed);
  }

  /** The same with other libraries. */
  public Manifest withLibraries(Map<String, String> versions) {
    return new Manifest(
        git, data, versions, java, vm, os, device, threads, started, commandLine, weights, jars, resumed);
  }

  /** The same with another device. */
  public Manifest withDevice(String words, int cpuThreads) {
    return new Manifest(
        git, data, libraries, java, vm, os, words, cpuThreads, started, commandLine, weights, jars, resumed);
  }

  /** The same with another command line. */
  public Manifest withCommandLine(List<String> words) {
    return new Manifest(
        git, data, libraries, java, vm, os, device, threads, started, words, weights, jars, resumed);
  }

  /** The same with another time of start. */
  public Manifest withStarted(Instant instant) {
    return new Manifest(
        git,
        data,
        libraries,
        java,
        vm,
        os,
        device,
        threads,
        instant.toString(),
        commandLine,
        weights,
        jars,
        resumed);
  }

  /** The same with one more time that the run went on. */
  public Manifest withResumed(Resumption more) {
    List<Resumption> all = new ArrayList<>(resumed);
    all.add(more);
    return new Manifest(
        git,
        data,
        libraries,
        java,
        vm,
        os,
        device,
        threads,
        started,
        commandLine,
        weights,
        jars,
        all);
  }
}
