package dev.tailor.checkpoint;

import static dev.tailor.checkpoint.TestFiles.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the reference parser accepts and refuses, case by case; only duplicate keys differ, which its specification refuses. */
class HeaderRulesTest {
    @TempDir
    Path folder;

    static Stream<Arguments> accepted() {
        return Stream.of(
                accepted("no tensors", "{}", 0),
                accepted("metadata only", "{'__metadata__':{'a':'b'}}", 0),
                accepted("null metadata", "{'__metadata__':null}", 0),
                accepted("white space before", " \n\t{}", 0),
                accepted("white space after", "{} \n\t\r", 0),
                accepted(
                        "white space inside",
                        "{ 'a' : { 'dtype':'U8' , 'shape' : [ 1 ],'data_offsets':[0 ,1]}}",
                        1,
                        "a"),
                accepted(
                        "header order is not offset order",
                        "{" + u8("b", 2, 3) + "," + u8("a", 0, 2) + "}",
                        3,
                        "b",
                        "a"),
                accepted(
                        "empty tensors between others",
                        "{" + u8("a", 0, 1) + "," + u8("b", 1, 1) + "," + u8("c", 1, 3) + "," + u8("d", 3, 3) + "}",
                        3,
                        "a",
                        "b",
                        "c",
                        "d"),
                accepted("only an empty tensor", "{" + one("a", "F32", "[3,0]", 0, 0) + "}", 0, "a"),
                accepted("scalar", "{" + one("a", "F64", "[]", 0, 8) + "}", 8, "a"),
                accepted(
                        "unknown field",
                        "{'a':{'x':[{'y':null},1.5e3,true],'dtype':'U8','shape':[1],'data_offsets':[0,1]}}",
                        1,
                        "a"),
                accepted("empty name", "{" + u8("", 0, 1) + "}", 1, ""),
                accepted("escapes", "{" + u8("\\u0061\\n\\ud83d\\ude00\\/", 0, 1) + "}", 1, "a\n\ud83d\ude00/"),
                accepted("unescaped DEL", "{" + u8("\u007f", 0, 1) + "}", 1, "\u007f"),
                accepted(
                        "other scripts",
                        "{" + u8("w\u00e4hlen \u91cd\u307f", 0, 1) + "}",
                        1,
                        "w\u00e4hlen \u91cd\u307f"),
                accepted("not aligned", "{" + u8("a", 0, 1) + "," + one("b", "F64", "[1]", 1, 9) + "}", 9, "a", "b"),
                accepted("complex", "{" + one("a", "C64", "[1]", 0, 8) + "}", 8, "a"),
                accepted("float8", "{" + one("a", "F8_E4M3", "[2]", 0, 2) + "}", 2, "a"),
                accepted("float4, even count", "{" + one("a", "F4", "[2,3]", 0, 3) + "}", 3, "a"),
                accepted("float6, whole bytes", "{" + one("a", "F6_E2M3", "[4]", 0, 3) + "}", 3, "a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void accepted(String rule, byte[] file, List<String> names) {
        Checkpoint checkpoint = Safetensors.read(TestFiles.write(folder.resolve("f.safetensors"), file));

        assertThat(checkpoint.names()).containsExactlyElementsOf(names);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("no bytes", new byte[0], "empty file"),
                arguments("fewer than 8 bytes", new byte[7], "it has 7 bytes"),
                arguments("length 0", new byte[8], "the header is empty"),
                arguments("length beyond the file", length(3, "{}"), "3 bytes of header announced, 2 there"),
                arguments("length of 2^64-1", length(-1, "{}"), "18446744073709551615 bytes of header announced"),
                refused("byte-order mark", "\ufeff{}", 0, "byte-order mark"),
                refused("trailing NUL", "{}\0", 0, "malformed JSON"),
                refused("text behind", "{}{}", 0, "malformed JSON"),
                refused("comment", "{/**/}", 0, "malformed JSON"),
                refused("trailing comma", "{" + u8("a", 0, 1) + ",}", 1, "not valid"),
                refused("NaN", "{'a':{'x':NaN,'dtype':'U8','shape':[1],'data_offsets':[0,1]}}", 1, "malformed JSON"),
                refused("lone surrogate", "{" + u8("\\ud83d", 0, 1) + "}", 1, "lone surrogate"),
                refused("lone surrogate in an unknown field", "{'a':{'x':'\\udc00'}}", 0, "lone surrogate"),
                refused("control character", "{" + u8("\n", 0, 1) + "}", 1, "not valid"),
                refused("unknown escape", "{" + u8("\\x", 0, 1) + "}", 1, "not valid"),
                arguments(
                        "invalid UTF-8",
                        bytes("{\"\u00ff\":0}".getBytes(StandardCharsets.ISO_8859_1), 0),
                        "not valid UTF-8"),
                refused("hole", "{" + u8("a", 0, 1) + "," + u8("b", 2, 3) + "}", 3, "\"b\" leaves a hole"),
                refused("overlap", "{" + u8("a", 0, 2) + "," + u8("b", 1, 3) + "}", 3, "\"b\" overlaps another"),
                refused("the same place twice", "{" + u8("a", 0, 2) + "," + u8("b", 0, 2) + "}", 2, "overlaps another"),
                refused("empty tensor inside another", "{" + u8("a", 0, 2) + "," + u8("b", 1, 1) + "}", 2, "overlaps"),
                refused("does not begin at 0", "{" + u8("a", 1, 2) + "}", 2, "leaves a hole"),
                refused("end before begin", "{" + one("a", "U8", "[1]", 2, 1) + "}", 2, "before it begins"),
                refused(
                        "size too small",
                        "{" + one("a", "F32", "[2]", 0, 4) + "}",
                        4,
                        "takes 8 bytes, and its offsets"),
                refused("size too large", "{" + one("a", "F32", "[]", 0, 8) + "}", 8, "takes 4 bytes"),
                refused("overflow", "{" + one("a", "U8", "[4294967296,4294967296]", 0, 0) + "}", 0, "2^63"),
                refused(
                        "overflow before a 0",
                        "{" + one("a", "U8", "[4294967296,4294967296,0]", 0, 0) + "}",
                        0,
                        "2^63"),
                refused("overflow by the width", "{" + one("a", "F64", "[1152921504606846976]", 0, 0) + "}", 0, "2^63"),
                refused("odd count of float4", "{" + one("a", "F4", "[3]", 0, 2) + "}", 2, "no whole number of bytes"),
                refused("no dtype", "{'a':{'shape':[1],'data_offsets':[0,1]}}", 1, "has no dtype"),
                refused("no shape", "{'a':{'dtype':'U8','data_offsets':[0,1]}}", 1, "has no shape"),
                refused("no offsets", "{'a':{'dtype':'U8','shape':[1]}}", 1, "has no data_offsets"),
                refused(
                        "field twice",
                        "{'a':{'dtype':'U8','dtype':'U8','shape':[1],'data_offsets':[0,1]}}",
                        1,
                        "\"dtype\" appears twice"),
                refused(
                        "tensor twice",
                        "{" + u8("a", 0, 1) + "," + u8("\\u0061", 0, 1) + "}",
                        1,
                        "\"a\" appears twice"),
                refused("metadata twice", "{'__metadata__':{},'__metadata__':{}}", 0, "appears twice"),
                refused("key of metadata twice", "{'__metadata__':{'k':'1','k':'2'}}", 0, "\"k\" appears twice"),
                refused(
                        "three offsets",
                        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1,1]}}",
                        1,
                        "3 data_offsets"),
                refused("number in metadata", "{'__metadata__':{'k':1}}", 0, "expected a string, found a number"),
                refused("metadata is a list", "{'__metadata__':[]}", 0, "expected an object, found an array"),
                refused(
                        "unknown dtype",
                        "{" + one("a", "F12", "[1]", 0, 1) + "}",
                        1,
                        "\"a\" has the unknown dtype \"F12\""),
                refused("lower-case dtype", "{" + one("a", "f32", "[1]", 0, 4) + "}", 4, "unknown dtype \"f32\""),
                refused("negative dimension", "{" + one("a", "U8", "[-1]", 0, 1) + "}", 1, "whole number"),
                refused("minus zero", "{" + one("a", "U8", "[-0]", 0, 0) + "}", 0, "whole number"),
                refused("fractional dimension", "{" + one("a", "U8", "[1.0]", 0, 1) + "}", 1, "found 1.0"),
                refused("exponent", "{" + one("a", "U8", "[1e0]", 0, 1) + "}", 1, "found 1e0"),
                refused("dimension of 2^64", "{" + one("a", "U8", "[18446744073709551616]", 0, 1) + "}", 1, "2^63-1"),
                refused("leading zero", "{" + one("a", "U8", "[01]", 0, 1) + "}", 1, "malformed JSON"),
                refused(
                        "text as dimension",
                        "{" + one("a", "U8", "['1']", 0, 1) + "}",
                        1,
                        "expected a number, found a string"),
                refused("array at the top", "[]", 0, "expected an object, found an array"),
                refused("null at the top", "null", 0, "expected an object, found null"),
                refused("tensor is no object", "{'a':['U8',[1],[0,1]]}", 1, "expected an object, found an array"),
                refused("null tensor", "{'a':null}", 0, "expected an object, found null"),
                refused("data behind the last tensor", "{" + u8("a", 0, 1) + "}", 2, "the file has 2"),
                refused("data without a tensor", "{}", 1, "the file has 1"),
                refused("cut data", "{" + u8("a", 0, 2) + "}", 1, "it was cut short"),
                refused("header cut inside", "{'a':", 0, "not valid"),
                refused("too deep", "{'a':{'x':" + "[".repeat(5000), 0, "Nesting limit"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String rule, byte[] file, String message) {
        Path path = TestFiles.write(folder.resolve("f.safetensors"), file);

        assertThatThrownBy(() -> Safetensors.read(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message)
                .extracting(e -> ((CheckpointException) e).file().orElseThrow())
                .isEqualTo(path.toString());
    }

    private static Arguments accepted(String rule, String header, int dataLength, String... names) {
        return arguments(rule, bytes(header.replace('\'', '"'), dataLength), List.of(names));
    }

    private static Arguments refused(String rule, String header, int dataLength, String message) {
        return arguments(rule, bytes(header.replace('\'', '"'), dataLength), message);
    }

    private static String u8(String name, long begin, long end) {
        return one(name, "U8", "[" + (end - begin) + "]", begin, end);
    }

    private static String one(String name, String dtype, String shape, long begin, long end) {
        return TestFiles.tensor(name, dtype, shape, begin, end);
    }

    private static byte[] length(long announced, String header) {
        byte[] file = bytes(header, 0);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, announced);
        return file;
    }
}
