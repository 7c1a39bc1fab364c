package org.vnca.data.hdf5;

import java.util.Optional;
import org.vnca.data.fault.DatasetException;

/** Follows links, soft ones and into other files, and counts them: they may lead in circles. */
final class LinkWalk {
  /** The HDF5 library follows 16. */
  private static final int MOST_LINKS = 64;

  private static final int DEEPEST = 16;

  private int left = MOST_LINKS;
  private int depth;

  /**
   * What a link leads to.
   *
   * @param group the group that has it
   * @param place the link's path
   */
  Hdf5Node follow(Hdf5Group group, String place, Link link) {
    if (link instanceof Link.Hard hard) {
      return group.container().open(place, hard.address());
    }
    if (link instanceof Link.Unknown unknown) {
      return new Hdf5BrokenLink(
          place, "is a link of a kind that only its author knows (%d)".formatted(unknown.kind()));
    }
    String kind = link instanceof Link.Soft ? "a soft" : "an external";
    String target =
        link instanceof Link.Soft soft
            ? soft.target()
            : ((Link.External) link).file() + ":" + ((Link.External) link).target();
    String leads = "is %s link to %s, ".formatted(kind, printable(target));
    if (left-- <= 0 || depth >= DEEPEST) {
      return new Hdf5BrokenLink(place, leads + "which leads in a circle or through too many links");
    }
    depth++;
    try {
      return link instanceof Link.Soft soft
          ? soft(group, place, soft, leads)
          : external(group, place, (Link.External) link, leads);
    } catch (DatasetException e) {
      return new Hdf5BrokenLink(place, leads + "where " + e.getMessage());
    } finally {
      depth--;
    }
  }

  private Hdf5Node soft(Hdf5Group group, String place, Link.Soft link, String leads) {
    Container container = group.container();
    Hdf5Group start = link.target().startsWith("/") ? container.rootGroup("/") : group;
    return arrived(place, leads, find(start, link.target()));
  }

  private Hdf5Node external(Hdf5Group group, String place, Link.External link, String leads) {
    Optional<Container> other = group.container().owner().beside(group.container(), link.file());
    if (other.isEmpty()) {
      return new Hdf5BrokenLink(place, leads + "but there is no such file");
    }
    Container container = other.get();
    return arrived(place, leads, find(container.rootGroup("/"), link.target()));
  }

  private static Hdf5Node arrived(String place, String leads, Optional<Hdf5Node> target) {
    if (target.isEmpty()) {
      return new Hdf5BrokenLink(place, leads + "but there is nothing there");
    }
    if (target.get() instanceof Hdf5BrokenLink broken) {
      String why = broken.why();
      boolean told = why.endsWith("too many links");
      return new Hdf5BrokenLink(
          place,
          told
              ? leads + "which leads in a circle or through too many links"
              : leads + "but %s %s".formatted(broken.path(), why));
    }
    return target.get();
  }

  /** What lies at a path below a group; what is broken on the way, if anything is. */
  Optional<Hdf5Node> find(Hdf5Group start, String path) {
    Hdf5Node node = start;
    for (String step : path.split("/", -1)) {
      if (step.isEmpty() || step.equals(".")) {
        continue;
      }
      if (node instanceof Hdf5BrokenLink || node instanceof Hdf5Other) {
        return Optional.of(node);
      }
      if (!(node instanceof Hdf5Group group)) {
        return Optional.empty();
      }
      Link link = group.links().get(step);
      if (link == null) {
        return Optional.empty();
      }
      node = follow(group, group.below(step), link);
    }
    return Optional.of(node);
  }

  /** Text of a file on one line, and not too long. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 120) + "...";
  }
}
