/**
 * A page that compares runs and needs nothing else: curves as inline SVG, evaluations, settings
 * that differ, figures as data, descriptors and provenance. It loads nothing and runs no script.
 *
 * <p>The curves are drawn here: plotting libraries that write SVG bring a toolkit of windows along.
 *
 * <p>Not here: measuring anything; the page shows what runs have written down.
 */
package org.vnca.eval.report;
