/**
 * A sweep's runs: where they are, which of them are still to be done, doing those, and the means
 * over seeds.
 *
 * <pre>
 * DIR/POINT/               a run; its name says the point's values of the grid
 *     points/POINT.yaml    the descriptor that the run was started with
 *     logs/POINT.log       what its processes printed
 *     locks/POINT          locked by the sweep that trains the point; says which that is
 * </pre>
 *
 * <p>Each run is trained by a process of its own, so that one that crashes or runs out of memory
 * takes no other with it, and is the run that {@code train} would have made alone. What is on disk
 * decides what is to be done, and nothing else: so the same sweep can be given again, by several
 * machines at a time if need be, and goes on where it was. A sweep that takes a point locks it
 * first, and a point that another sweep has locked is left to that one.
 *
 * <p>Not here: how the processes are started, and how results are printed (the command line does
 * both), and the reading of sweeps, which is that of descriptors.
 */
package org.vnca.train.sweep;
