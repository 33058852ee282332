package dev.tailor.hub;

import dev.tailor.TailorException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks archives that come from strangers: ZIP, TAR and TAR.GZ, told apart by their first bytes. Stateless and safe for many
 * threads and processes.
 *
 * <p>Nothing is written outside the target folder, links and devices are never created, and what an archive may hold is limited. A
 * link to a file of the same archive becomes a copy of it. Owners, modes and times are not kept.
 */
public final class Archives {
    // The JDK alone reads ZIP; TAR takes one small file (TarReader), which is less than another library to keep safe.

    /**
     * How much an archive may hold.
     *
     * @param entries most entries, folders included
     * @param bytes most bytes of all files together
     * @param ratio most bytes unpacked for each byte of the archive; the first 16 MiB are not counted, since short texts shrink a lot
     */
    public record Limits(int entries, long bytes, int ratio) {
        /** Checks that there is room for one entry. */
        public Limits {
            if (entries < 1 || bytes < 0 || ratio < 1) {
                throw new IllegalArgumentException("entries and ratio must be 1 or more and bytes 0 or more, found "
                        + entries + ", " + ratio + ", " + bytes);
            }
        }

        /** 100 000 entries, 256 GiB and 200 times the archive: more than any published model needs. */
        public static Limits standard() {
            return new Limits(100_000, 256L << 30, 200);
        }
    }

    private Archives() {}

    /**
     * Unpacks an archive into a folder that appears whole or not at all. A folder that holds exactly these files by name and size is
     * left as it is; any other one at that place is replaced.
     *
     * @return whether the folder was put there by this call
     * @throws TailorException if the archive is damaged, hostile, larger than the limits, or of another kind, or the folder cannot be
     *     written; the target is as before then
     */
    public static boolean unpack(Path archive, Path targetFolder, Limits limits) {
        Path folder = targetFolder.toAbsolutePath().normalize();
        Path temporary = AtomicFiles.unique(folder, "tmp");
        try {
            try {
                Files.createDirectories(temporary);
                Unpacking unpacking = new Unpacking(archive, temporary, limits);
                read(archive, unpacking);
                unpacking.finish();
                return publish(temporary, folder);
            } finally {
                AtomicFiles.deleteTree(temporary);
            }
        } catch (IOException e) {
            IOException failure = HubClient.interruptedOr(archive.toString(), e);
            throw new TailorException(
                    "Cannot unpack " + archive + " into " + folder + ": " + Failures.explain(failure), failure);
        }
    }

    private static void read(Path archive, Unpacking unpacking) throws IOException {
        byte[] head = new byte[512];
        int count;
        try (InputStream in = Files.newInputStream(archive)) {
            count = in.readNBytes(head, 0, head.length);
        }
        boolean zip = count >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] < 7 && head[3] == head[2] + 1;
        boolean gzip = count >= 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
        boolean tar = count >= 262
                && Arrays.equals(Arrays.copyOfRange(head, 257, 262), "ustar".getBytes(StandardCharsets.US_ASCII));
        if (zip) {
            try (ZipFile file = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
                zip(file, unpacking);
            } catch (java.util.zip.ZipException | IllegalArgumentException | java.io.EOFException e) {
                throw unpacking.damaged(e);
            }
        } else if (gzip || tar) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
                TarReader.unpack(unpacking.archiveData(gzip ? new GZIPInputStream(in, 1 << 16) : in), unpacking);
            } catch (java.util.zip.ZipException | java.io.EOFException e) {
                throw unpacking.damaged(e);
            }
        } else {
            throw unpacking.refused("it is neither ZIP nor TAR nor TAR.GZ");
        }
    }

    // A link in a ZIP is a regular entry here, whose text is the link's target, as for Python's zipfile; it leads
    // nowhere.
    private static void zip(ZipFile file, Unpacking unpacking) throws IOException {
        unpacking.checkCount(file.size());
        for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            if (entry.isDirectory()) {
                unpacking.folder(entry.getName());
            } else {
                try (InputStream in = file.getInputStream(entry)) {
                    unpacking.file(entry.getName(), unpacking.archiveData(in), entry.getSize());
                }
            }
        }
    }

    private static boolean publish(Path temporary, Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            if (Unpacking.sizes(temporary).equals(Unpacking.sizes(folder))) {
                return false;
            }
            Path old = AtomicFiles.unique(folder, "old");
            Files.move(folder, old);
            AtomicFiles.deleteTree(old);
        }
        try {
            Files.move(temporary, folder);
            return true;
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            // Someone else was quicker; a folder is not replaced under a reader.
            if (Unpacking.sizes(temporary).equals(Unpacking.sizes(folder))) {
                return false;
            }
            throw e;
        }
    }
}
