package dev.tailor.engine.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module that has code but no weights: a ZIP of stored entries as {@code torch.jit.save} lays them out.
 *
 * <p>The module is one object of class {@code __torch__.Net} with the attribute {@code training} (a flag) and lists
 * that are empty until the module's own methods fill them.
 */
final class TorchArchive {
    /** File format 10 knows every operator overload of libtorch 2; older numbers hide some. */
    private static final String FORMAT = "10\n";

    private TorchArchive() {}

    static void write(Path file, TorchModuleText text) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            store(zip, "data.pkl", module(text));
            store(zip, "code/__torch__.py", text.code().getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", FORMAT.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("net/" + name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** The pickle, protocol 2, of {@code Net(training=True, list=[], ...)}. */
    private static byte[] module(TorchModuleText net) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ascii(out, "\u0080\u0002");
        ascii(out, "c__torch__\nNet\n)\u0081}(");
        text(out, "training");
        ascii(out, "\u0088");
        for (String list : net.lists()) {
            text(out, list);
            ascii(out, "ctorch.jit._pickle\nbuild_tensorlist\n(]tR");
        }
        for (String list : net.contexts()) {
            text(out, list);
            ascii(out, "]");
        }
        ascii(out, "ub.");
        return out.toByteArray();
    }

    private static void ascii(ByteArrayOutputStream out, String opcodes) {
        out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void text(ByteArrayOutputStream out, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ascii(out, "X");
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(utf8.length >> shift);
        }
        out.writeBytes(utf8);
    }
}
