/**
 * Faults, by the thousand: inputs mutated, processes killed, disks filled, clocks set back.
 *
 * <p>Everything is drawn from a seed, which is printed with what it found. Mutations and kills have
 * a short form, which is one of the ordinary tests; {@code mvn verify -Pfaults} runs the long ones
 * (docs/testing.md).
 */
package org.vnca.cli.faults;
