package org.vnca.train.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.vnca.data.ImageDataset;
import org.vnca.data.fault.DatasetException;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;

/**
 * Finds the dataset of a run wherever the program is started from. The checksum that the run began
 * with tells whether it is the same one.
 */
public final class RunData {
  private RunData() {}

  /**
   * Opens a run's dataset.
   *
   * @param file {@code data.file} of its descriptor; from the working directory, if it is relative
   * @param wanted where it lies, if a person says so; then it is looked for nowhere else. Otherwise
   *     also where the run found it when it began, and at the same place beside the run
   * @throws DatasetException if it is nowhere, cannot be read or is another one than the run's
   */
  public static ImageDataset open(RunDirectory run, String file, Optional<String> wanted) {
    Manifest.Data began = run.manifest().data();
    Set<String> places = new LinkedHashSet<>();
    if (wanted.isPresent()) {
      places.add(wanted.get());
    } else {
      places.add(file);
      places.add(began.location());
      if (began.fromRun() != null) {
        places.add(beside(run, began.fromRun()));
      }
    }
    places.removeIf(place -> place == null || place.equals(Manifest.UNKNOWN));
    DatasetException other = null;
    for (String place : places) {
      if (!ImageDataset.isThere(place)) {
        continue;
      }
      ImageDataset dataset = ImageDataset.open(place);
      if (dataset.checksum().equals(began.sha256())) {
        return dataset;
      }
      dataset.close();
      if (other == null) {
        other = another(place, dataset.checksum(), run, began);
      }
    }
    throw other != null ? other : missing(places, run);
  }

  private static String beside(RunDirectory run, String relative) {
    Path place = run.path();
    try {
      place = place.toRealPath();
    } catch (IOException e) {
      // Then it is looked for beside the path as it was given.
      place = place.toAbsolutePath();
    }
    return place.resolve(relative).normalize().toString();
  }

  private static DatasetException another(
      String place, String found, RunDirectory run, Manifest.Data began) {
    return new DatasetException(
        place
            + " is not the dataset that "
            + run
            + " was trained on: its sha256 is "
            + found
            + ", and that of the run's is "
            + began.sha256()
            + "; say where that one lies by --data FILE");
  }

  private static DatasetException missing(Set<String> places, RunDirectory run) {
    return new DatasetException(
        "the dataset of "
            + run
            + " is not there: looked for "
            + String.join(" and ", places)
            + "; say where it lies by --data FILE");
  }

  /** A dataset's location as a manifest notes it: true from any directory. */
  static String location(ImageDataset dataset) {
    return dataset.location().startsWith("embedded:")
        ? dataset.location()
        : Path.of(dataset.location()).toAbsolutePath().toString();
  }
}
