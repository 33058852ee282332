package dev.tailor.engine.torch;

import ai.djl.ndarray.types.DataType;
import dev.tailor.Precision;
import dev.tailor.checkpoint.DType;
import dev.tailor.program.Kind;

/** Element types as TorchScript numbers them ({@code c10/core/ScalarType.h}). */
final class Types {
    static final int INT64 = 4;
    static final int FLOAT32 = 6;
    static final int BOOL = 11;
    static final int BFLOAT16 = 15;

    private Types() {}

    static int of(Precision precision) {
        return precision == Precision.BFLOAT16 ? BFLOAT16 : FLOAT32;
    }

    /** The bytes of a float. */
    static int bytes(int floats) {
        return floats == BFLOAT16 ? Short.BYTES : Float.BYTES;
    }

    static int of(Kind kind, int floats) {
        return switch (kind) {
            case FLOAT -> floats;
            case INTEGER -> INT64;
            case BOOLEAN -> BOOL;
        };
    }

    /**
     * The DJL type that carries a stored tensor's bytes. BF16 travels as bytes and is viewed inside the module: DJL's own
     * conversion of that type ends the process.
     */
    static DataType carrier(DType dtype) {
        return switch (dtype) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            case BF16, U8 -> DataType.UINT8;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            // The JNI has no 16-bit integers: two bytes each, viewed inside the module.
            case I16 -> DataType.UINT8;
            case I8 -> DataType.INT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }

    /** The TorchScript number to view carried bytes as, or -1 where the carrier is the type itself. */
    static int viewed(DType dtype) {
        return switch (dtype) {
            case BF16 -> BFLOAT16;
            case I16 -> 2;
            default -> -1;
        };
    }
}
