package dev.tailor.hub;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Objects;

/** Says in words why something could not be written, and what helps. The system's own texts are short and easily overlooked. */
public final class Failures {
    private Failures() {}

    /** What happened, the path it happened to if it is known, and the remedy; one or two sentences. */
    public static String explain(Exception failure) {
        String path = failure instanceof FileSystemException at && at.getFile() != null ? at.getFile() : "";
        String reason = reason(failure);
        String lower = reason.toLowerCase(Locale.ROOT);
        if (failure instanceof ReadOnlyFileSystemException || lower.contains("read-only file system")) {
            return at(path) + "the file system is read-only. Choose a cache folder that can be written.";
        }
        if (failure instanceof AccessDeniedException || lower.contains("permission denied")) {
            return at(path)
                    + "permission denied. Give this user the right to write there, or choose another cache folder.";
        }
        if (lower.contains("no space left") || lower.contains("not enough space") || lower.contains("disk full")) {
            return at(path) + "the disk is full. Free some space, or choose a cache folder on another disk.";
        }
        if (lower.contains("quota exceeded")) {
            return at(path) + "the quota of this user is used up. Free some space, or choose another cache folder.";
        }
        if (failure instanceof NotDirectoryException
                || failure instanceof FileAlreadyExistsException
                || lower.contains("not a directory")) {
            return at(path) + "a file is where a folder must be. Move it away, or choose another cache folder.";
        }
        if (lower.contains("file name too long")) {
            return at(path) + "the path is too long for this file system. Choose a cache folder with a shorter path.";
        }
        return failure + ". Check the free space and the permissions of the folder.";
    }

    private static String reason(Exception failure) {
        String reason = failure instanceof FileSystemException at ? at.getReason() : failure.getMessage();
        if (reason == null && failure.getCause() instanceof IOException cause) {
            reason = cause.getMessage();
        }
        return Objects.requireNonNullElse(reason, "");
    }

    private static String at(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }
}
