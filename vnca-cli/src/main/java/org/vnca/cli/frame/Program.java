package org.vnca.cli.frame;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.vnca.train.run.Manifest;

/**
 * What this build is made of, and where it comes from.
 *
 * @param version the program's
 * @param libraries versions by name, this program among them
 */
public record Program(String version, Map<String, String> libraries) {
  /** Name of TensorFlow Java among the libraries. */
  public static final String TENSORFLOW = "tensorflow-java";

  /** The class that is started. It lies above all rooms, so none of them can name it otherwise. */
  public static final String MAIN = "org.vnca.cli.Main";

  private static final String SELF = "vnca";

  /** Property by which the launcher says where the program's directory is. */
  private static final String HOME = "vnca.home";

  /** Property by which the launcher says where it is itself. */
  private static final String LAUNCHER = "vnca.launcher";

  /** Property by which an archive's launcher says what it was built from: a hash and a state. */
  private static final String COMMIT = "vnca.commit";

  /** Reads what Maven wrote at build time. */
  public static Program here() {
    Properties properties = new Properties();
    try (InputStream file = Program.class.getResourceAsStream("version.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> versions = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> versions.put(name, properties.getProperty(name)));
    return new Program(versions.get(SELF), versions);
  }

  /** The commit in the program's directory, if git knows it, or that of an archive. */
  public Manifest.Git git() {
    return manifest(List.of()).git();
  }

  /** Where a run comes from that starts now, as far as the command line knows. */
  public Manifest manifest(List<String> words) {
    String[] built = System.getProperty(COMMIT, "").split(" ", 2);
    // An archive may lie in a repository of somebody else's, so git is not asked there.
    Manifest here =
        built.length == 2
            ? Manifest.here(new Manifest.Git(built[0], built[1]))
            : Manifest.here(home());
    return here.withLibraries(libraries).withCommandLine(words);
  }

  /** The command that starts this program, whatever the directory. */
  public static Path launcher() {
    String told = System.getProperty(LAUNCHER);
    Path launcher = told == null ? home().resolve("vnca") : Path.of(told);
    return launcher.toAbsolutePath().normalize();
  }

  /** Where the trained model lies that comes with the program; it may not be there. */
  public static Path trained() {
    return home().resolve("checkpoints").resolve("digits");
  }

  private static Path home() {
    return Path.of(System.getProperty(HOME, ""));
  }
}
