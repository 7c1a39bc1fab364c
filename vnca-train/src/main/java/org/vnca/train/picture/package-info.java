/**
 * Pictures from arrays: single images, grids, labelled rows and growth strips, and PNG files of
 * them.
 *
 * <p>Images are float values in [0, 1], channels last, as a model gives them; no tensor is seen
 * here. Everything is drawn with integer zoom and without anti-aliasing or system fonts, so that a
 * picture shows the pixels as they are, needs no display, and is the same on every machine. Not
 * here: charts of curves.
 */
package org.vnca.train.picture;
