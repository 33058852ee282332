package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Linux tells of its processors. */
class HardwareFloatsTest {

    @Test
    void brain_floats_are_one_of_the_flags() {
        assertThat(HardwareFloats.namesBfloat16(List.of("processor\t: 0", "flags\t\t: fpu avx512_bf16 avx512_vnni")))
                .isTrue();
        assertThat(HardwareFloats.namesBfloat16(List.of("Features\t: fp asimd bf16 i8mm")))
                .isTrue();
    }

    @Test
    void a_longer_name_or_another_line_is_not_that_flag() {
        assertThat(HardwareFloats.namesBfloat16(List.of("flags : avx512_bf16_like avx2")))
                .isFalse();
        assertThat(HardwareFloats.namesBfloat16(List.of("model name : bf16 machine")))
                .isFalse();
        assertThat(HardwareFloats.namesBfloat16(List.of())).isFalse();
    }
}
