package org.vnca.data.hdf5;

/** What a name in a group stands for. */
sealed interface Link {
  /** An object of this file, by the address of its header. */
  record Hard(long address) implements Link {}

  /** A path of this file. */
  record Soft(String target) implements Link {}

  /** A path of another file. */
  record External(String file, String target) implements Link {}

  /** A kind of link that some program has made up. */
  record Unknown(int kind) implements Link {}
}
