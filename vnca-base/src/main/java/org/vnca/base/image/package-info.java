/**
 * What all modules call an image.
 *
 * <p>Not here: pixels, which datasets store as bytes ({@code org.vnca.data}) and models see as
 * float32 in [0, 1] ({@code org.vnca.graph}).
 */
package org.vnca.base.image;
