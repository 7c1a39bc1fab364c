package org.vnca.data.imports;

import java.util.List;

/**
 * What an import did to some of what it met, or did not take, without refusing: told so that a
 * person can see whether it was meant.
 *
 * @param kind what it is
 * @param count files, or links, that it happened to
 * @param first names of the first few of them, sorted, as {@link PictureName#shown} writes them
 */
public record ImportNote(Kind kind, int count, List<String> first) {
  /** Kinds of things worth telling. */
  public enum Kind {
    /** Left out: hidden files and folders, and what systems and programs keep for themselves. */
    HIDDEN("left out: hidden, or kept by a system or program for itself"),
    /** Left out: neither by its name nor by its first bytes a picture. */
    NO_PICTURE("left out: no pictures"),
    /** Left out: a picture of a kind that is not read. */
    OTHER_PICTURE("left out: pictures of kinds that are not read; save them as PNG or JPEG"),
    /** Left out: a picture by its first bytes under a name that says something else. */
    MISNAMED_PICTURE(
        "left out: pictures whose names end in something else; rename them if they are meant"),
    /** Left out: a file or folder that was met already. */
    SAME_FILE("left out: files and folders met already, by another name or through a link"),
    /** Left out: a link to a folder that it lies in. */
    LINK_LOOP("left out: links to a folder that they lie in"),
    /** Left out: a file in the same form, which the dataset does not consist of. */
    OTHER_PART(
        "left out: files of the same form that are no part of the dataset, or second copies"),
    /** Left out: a device, a pipe or the like. */
    SPECIAL("left out: neither files nor folders"),
    /** A link whose target was imported. */
    LINK("followed: links to files and folders elsewhere"),
    /** Turned or mirrored, as its orientation asks for. */
    TURNED("turned upright, as their EXIF orientation asks for"),
    /** Four colours made three. */
    CMYK("converted from CMYK to RGB"),
    /** The first of several frames or pages. */
    FIRST_FRAME("taken from several frames or pages: the first"),
    /** Sixteen bits a channel made eight. */
    SIXTEEN_BITS("rounded from 16 to 8 bits a channel"),
    /** Has transparent pixels, which show the background. */
    TRANSPARENT("laid onto the background where they are transparent"),
    /** Has a colour profile other than sRGB. */
    COLOUR_PROFILE("taken as sRGB: their colour profiles say otherwise, or are broken"),
    /** A name of a zip that is not UTF-8. */
    CODE_PAGE("named in a code page that the zip does not tell: read as CP437"),
    /** Files of idx images that look like EMNIST's, which have rows and columns exchanged. */
    EXCHANGED_AXES(
        "imported as stored, but EMNIST's images have rows and columns exchanged (see --transpose)");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** The kind in words, to be followed by a colon, the count and names. */
    public String words() {
      return words;
    }
  }

  public ImportNote {
    first = List.copyOf(first);
  }
}
