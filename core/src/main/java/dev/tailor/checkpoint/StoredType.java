package dev.tailor.checkpoint;

import java.util.List;
import java.util.Optional;

/** Every element type that safetensors 0.8 knows, with its width; wider than {@link DType} so that a file with, say, one float8 tensor opens. */
enum StoredType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    StoredType(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }

    /** The type to compute with, where there is one. */
    Optional<DType> dtype() {
        return DType.of(name());
    }

    static Optional<StoredType> of(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The place of a type in the writing order: the reference writes the last of its list first, so that data stay aligned. */
    static int writingRank(DType dtype) {
        return -List.of(values()).indexOf(valueOf(dtype.name()));
    }
}
