/**
 * The one class that reaches into TensorFlow Java: what the C library can do and the package's
 * public classes do not offer. It lies in TensorFlow's package because only that package sees the
 * handles.
 *
 * <p>Not here: anything that could lie in a package of the project.
 */
package org.tensorflow;
