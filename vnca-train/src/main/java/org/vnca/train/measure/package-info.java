/**
 * Bounds on log p(x) over a split: the loop over images and samples around the graph's importance
 * samples, used for validation while training and for evaluation afterwards.
 */
package org.vnca.train.measure;
