/** Exchange of weights with PyTorch through safetensors files. */
package org.vnca.train.exchange;
