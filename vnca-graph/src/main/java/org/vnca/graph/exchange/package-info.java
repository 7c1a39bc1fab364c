/** Names and layouts of weights in PyTorch's state_dicts of the authors' program. */
package org.vnca.graph.exchange;
