/**
 * The pieces that networks are made of: layers, trainable parameters with their first values, and
 * random streams.
 *
 * <p>A {@link org.vnca.graph.nn.Layer} is a description. It is given the graph that it builds into
 * and the operands of its weights, because the same layer is built outside of loops, in the body of
 * a forward loop and in the body of a backward loop. Layers carry their own gradients, so that a
 * backward pass can start from saved activations without a forward convolution; golden vectors and
 * finite differences check them. A layer that says only how its output is computed is a {@link
 * org.vnca.graph.nn.ForwardOnly}: its gradient is {@code Graph.addGradients}'s.
 *
 * <table>
 *   <caption>Layers</caption>
 *   <tr><td>{@link org.vnca.graph.nn.Convolution}</td>
 *     <td>a learned kernel over all channels; none that is learned for each channel alone</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.FixedConvolution}</td>
 *     <td>given kernels, of each channel alone, such as Sobel's</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.Dense}, {@link org.vnca.graph.nn.TransposedConvolution}</td>
 *     <td>of rows; to a larger map</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.Bias}, {@link org.vnca.graph.nn.Affine}, {@link
 *     org.vnca.graph.nn.Gate}</td>
 *     <td>a learned number for each channel added; given numbers a x + b; a learned factor from 0 to
 *     1 for the whole output of another layer</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.Activation}</td><td>ELU, sigmoid, tanh and others</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.Sequence}, {@link org.vnca.graph.nn.Residual}, {@link
 *     org.vnca.graph.nn.Combination}, {@link org.vnca.graph.nn.Concatenate}</td>
 *     <td>g(f(x)); x + f(x); sum, difference or product of two; channels beside each other</td></tr>
 *   <tr><td>{@link org.vnca.graph.nn.ChannelSlice}, {@link org.vnca.graph.nn.ZeroChannels}, {@link
 *     org.vnca.graph.nn.Reshape}, {@link org.vnca.graph.nn.Identity}</td>
 *     <td>some channels; zeros behind them; rows and maps; x</td></tr>
 * </table>
 *
 * <p>Not here: which layers make an encoder ({@link org.vnca.graph.vae}), a rule ({@link
 * org.vnca.graph.rule}) or a decoder ({@link org.vnca.graph.decoder}).
 */
package org.vnca.graph.nn;
