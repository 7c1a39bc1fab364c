/**
 * Pictures: what is drawn (marks on a drawing, sheets of images) and how it is written (PNG, SVG,
 * PDF).
 *
 * <p>Images are float values in [0, 1], channels last, as a model gives them; no tensor is seen
 * here. A drawing is a list of marks in points. The same drawing is the same file, byte for byte,
 * on every machine as a PNG: letters are outlines of a typeface that PDFBox brings, and rasterizing
 * and compressing are plain arithmetic, with nothing of the system's fonts, of Java's toolkit or of
 * zlib in it. Pixels of images are shown as they are. Not here: charts of curves.
 */
package org.vnca.train.picture;
