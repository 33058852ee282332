/** Programs written as ONNX models, opset 17, for ONNX Runtime and every other program that reads them. */
@NullMarked
package dev.tailor.engine.onnx;

import org.jspecify.annotations.NullMarked;
