/**
 * Measures and pictures of a run, from its directory alone; a measure also needs the run's dataset.
 */
package org.vnca.eval;
