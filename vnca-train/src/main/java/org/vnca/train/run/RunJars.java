package org.vnca.train.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vnca.base.kind.Jar;
import org.vnca.base.kind.Kinds;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.Settings;

/** The jars from outside the project that a run's model has parts of. */
public final class RunJars {
  /** The system property that says whether jars with other checksums will do. */
  static final String ANY = "vnca.anyJar";

  private static final String ANY_VARIABLE = "VNCA_ANY_JAR=1";

  private RunJars() {}

  /**
   * What a manifest notes: the jars that the experiment has kinds of, and those on the class path
   * that bring no kinds, which the former may need. None if it has none of a jar.
   */
  public static List<Manifest.Jar> of(Experiment experiment) {
    Map<Jar, List<String>> used = new LinkedHashMap<>();
    for (Kinds.Outside kind : Settings.outside(experiment)) {
      used.computeIfAbsent(kind.jar(), jar -> new ArrayList<>()).add(word(kind));
    }
    if (used.isEmpty()) {
      return List.of();
    }
    Set<Jar> bringing = new LinkedHashSet<>();
    Settings.outside().forEach(kind -> bringing.add(kind.jar()));
    for (Jar jar : Jar.given()) {
      if (!bringing.contains(jar)) {
        used.put(jar, List.of());
      }
    }
    List<Manifest.Jar> noted = new ArrayList<>();
    used.forEach(
        (jar, kinds) ->
            noted.add(new Manifest.Jar(jar.name(), jar.file().toString(), jar.sha256(), kinds)));
    return noted;
  }

  private static String word(Kinds.Outside kind) {
    return kind.what() + " " + kind.type();
  }

  /**
   * Refuses to go on with a run's model if the jars are not those that it was trained with.
   *
   * @throws RunException if one is missing or another one; the message says what to do
   */
  public static void require(RunDirectory run) {
    if (!Settings.outside(run.experiment()).isEmpty()) {
      run.manifest().jars().forEach(jar -> require(run, jar));
    }
  }

  /**
   * Explains why a descriptor is not understood, if that is for want of a jar.
   *
   * @throws RunException if so
   */
  static void explain(RunDirectory run) {
    for (Manifest.Jar jar : run.manifest().jars()) {
      if (found(jar).isEmpty()) {
        throw missing(run, jar);
      }
    }
  }

  private static void require(RunDirectory run, Manifest.Jar noted) {
    Jar here = found(noted).orElseThrow(() -> missing(run, noted));
    String sha256 = here.sha256();
    if (!sha256.equals(noted.sha256()) && !Boolean.getBoolean(ANY)) {
      throw new RunException(
          "%s is not the jar that %s was trained with: its sha256 is %s, and that of the run's is %s; put that one into %s, or set %s to go on with this one"
              .formatted(here.file(), run, sha256, noted.sha256(), Jar.VARIABLE, ANY_VARIABLE));
    }
  }

  /** The jar on the class path that is the noted one, or stands in its place. */
  private static Optional<Jar> found(Manifest.Jar noted) {
    Set<Jar> here = new LinkedHashSet<>(Jar.given());
    List<Kinds.Outside> kinds = Settings.outside();
    kinds.forEach(kind -> here.add(kind.jar()));
    return here.stream()
        .filter(jar -> jar.sha256().equals(noted.sha256()))
        .findFirst()
        .or(
            () ->
                kinds.stream()
                    .filter(kind -> noted.kinds().contains(word(kind)))
                    .map(Kinds.Outside::jar)
                    .findFirst())
        .or(() -> here.stream().filter(jar -> jar.name().equals(noted.name())).findFirst());
  }

  private static RunException missing(RunDirectory run, Manifest.Jar noted) {
    String kinds = noted.kinds().isEmpty() ? "" : " (" + String.join(", ", noted.kinds()) + ")";
    boolean there = noted.location() != null && Files.exists(Path.of(noted.location()));
    return new RunException(
        "%s was trained with %s%s, which is not on the class path; set %s=%s"
            .formatted(
                run,
                noted.name(),
                kinds,
                Jar.VARIABLE,
                there
                    ? noted.location()
                    : "PATH, where the jar of sha256 " + noted.sha256() + " lies"));
  }
}
