package dev.tailor.checkpoint;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An element type of PyTorch.
 *
 * @param name such as {@code float32}
 * @param size the bytes of one element
 * @param dtype the type to compute with, where there is one
 */
record TorchType(String name, int size, @Nullable DType dtype) {
    static final TorchType UNKNOWN = new TorchType("unknown", 1, null);
    static final TorchType BYTES = new TorchType("uint8", 1, DType.U8);

    /** The type of a storage class, such as {@code torch.FloatStorage}; storages without a type count bytes. */
    static Optional<TorchType> ofStorage(String path) {
        if (path.equals("torch.storage.UntypedStorage") || path.equals("torch.UntypedStorage")) {
            return Optional.of(BYTES);
        }
        String prefix = path.startsWith("torch.cuda.") ? "torch.cuda." : "torch.";
        if (!path.startsWith(prefix) || !path.endsWith("Storage")) {
            return Optional.empty();
        }
        String name = switch (path.substring(prefix.length(), path.length() - "Storage".length())) {
            case "Double" -> "float64";
            case "Float" -> "float32";
            case "Half" -> "float16";
            case "BFloat16" -> "bfloat16";
            case "Long" -> "int64";
            case "Int" -> "int32";
            case "Short" -> "int16";
            case "Char" -> "int8";
            case "Byte" -> "uint8";
            case "Bool" -> "bool";
            case "ComplexDouble" -> "complex128";
            case "ComplexFloat" -> "complex64";
            case "QInt8" -> "qint8";
            case "QUInt8" -> "quint8";
            case "QInt32" -> "qint32";
            case "QUInt4x2" -> "quint4x2";
            case "QUInt2x4" -> "quint2x4";
            default -> "";
        };
        return name.isEmpty() ? Optional.empty() : of("torch." + name);
    }

    /** The type of a name in the module, such as {@code torch.float32}. */
    static Optional<TorchType> of(String path) {
        if (!path.startsWith("torch.")) {
            return Optional.empty();
        }
        String name = path.substring("torch.".length());
        DType dtype = switch (name) {
            case "float64", "double" -> DType.F64;
            case "float32", "float" -> DType.F32;
            case "float16", "half" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            case "int64", "long" -> DType.I64;
            case "int32", "int" -> DType.I32;
            case "int16", "short" -> DType.I16;
            case "int8" -> DType.I8;
            case "uint8" -> DType.U8;
            case "bool" -> DType.BOOL;
            default -> null;
        };
        int size = dtype != null ? dtype.size() : foreignSize(name);
        return size == 0 ? Optional.empty() : Optional.of(new TorchType(name, size, dtype));
    }

    /** Types that a file may hold and Tailor does not compute with. */
    private static int foreignSize(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "complex128", "cdouble" -> 16;
            case "complex64", "cfloat", "uint64" -> 8;
            case "complex32", "chalf", "uint32", "qint32" -> 4;
            case "uint16" -> 2;
            case "qint8",
                    "quint8",
                    "quint4x2",
                    "quint2x4",
                    "float8_e4m3fn",
                    "float8_e5m2",
                    "float8_e4m3fnuz",
                    "float8_e5m2fnuz",
                    "float8_e8m0fnu",
                    "float4_e2m1fn_x2" -> 1;
            default -> name.matches("u?int[1-7]|bits(1x8|2x4|4x2|8)") ? 1 : name.equals("bits16") ? 2 : 0;
        };
    }
}
