/** Lowers programs to TorchScript, loads them through DJL and binds a checkpoint's mapped tensors to them. */
@NullMarked
package dev.tailor.engine.torch;

import org.jspecify.annotations.NullMarked;
