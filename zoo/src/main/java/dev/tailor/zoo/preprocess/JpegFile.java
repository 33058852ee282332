package dev.tailor.zoo.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the markers of a JPEG file say, before its pixels are decoded.
 *
 * @param complete whether the end marker follows the last scan
 */
record JpegFile(int width, int height, JpegColors colors, boolean complete) {
    /** Each scan costs a pass over the image; real progressive files have about ten. */
    private static final int MAX_SCANS = 500;

    void requireComplete() throws IOException {
        if (!complete) {
            throw new IOException("it is truncated, its end marker is missing");
        }
    }

    static JpegFile parse(byte[] bytes) throws IOException {
        return new Scanner(bytes).scan();
    }

    private static final class Scanner {
        private final byte[] bytes;
        private int at = 2;
        private int scans;
        private boolean jfif;
        private int adobe = -1;
        private byte @Nullable [] frame;

        Scanner(byte[] bytes) {
            this.bytes = bytes;
        }

        JpegFile scan() throws IOException {
            boolean complete = false;
            int marker;
            while ((marker = marker()) >= 0) {
                if (marker == 0xd9) {
                    complete = true;
                    break;
                }
                if (marker > 0x01 && (marker < 0xd0 || marker > 0xd8)) {
                    segment(marker);
                }
            }
            if (frame == null || scans == 0) {
                throw new IOException("it has no " + (frame == null ? "frame header" : "image data")
                        + (complete ? "" : ", it is truncated"));
            }
            return new JpegFile(u16(frame, 3), u16(frame, 1), colors(frame), complete);
        }

        /** The next marker's code, also past entropy-coded data; -1 at the end. */
        private int marker() {
            while (at < bytes.length - 1) {
                int code = bytes[at + 1] & 0xff;
                if (bytes[at] == (byte) 0xff && code != 0 && code != 0xff) {
                    at += 2;
                    return code;
                }
                at++;
            }
            return -1;
        }

        private void segment(int marker) throws IOException {
            if (at + 2 > bytes.length) {
                throw new IOException("it is truncated within a marker");
            }
            int length = u16(bytes, at);
            if (length < 2) {
                throw new IOException("a marker segment at byte " + at + " has length " + length);
            }
            if (length > bytes.length - at) {
                throw new IOException("it is truncated: a marker segment at byte " + at + " needs " + length
                        + " bytes, " + (bytes.length - at) + " are left");
            }
            byte[] body = Arrays.copyOfRange(bytes, at + 2, at + length);
            at += length;
            if (marker == 0xda) {
                scans++;
                if (scans > MAX_SCANS) {
                    throw new IOException("it has more than " + MAX_SCANS + " scans");
                }
            } else if (marker == 0xe0 && body.length >= 14 && starts(body, "JFIF\0")) {
                jfif = true;
            } else if (marker == 0xee && body.length >= 12 && starts(body, "Adobe")) {
                adobe = body[11] & 0xff;
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                frame(marker, body);
            }
        }

        private void frame(int marker, byte[] body) throws IOException {
            if (frame != null) {
                throw new IOException("it has two frame headers");
            }
            if (marker > 0xc2) {
                throw new IOException("its coding process (SOF" + (marker - 0xc0)
                        + ") is not supported, only baseline and progressive Huffman coding are");
            }
            if (body.length < 6 || body.length < 6 + 3 * body[5]) {
                throw new IOException("its frame header is too short");
            }
            if (body[0] != 8) {
                throw new IOException("it has " + body[0] + " bits per component, only 8 are supported");
            }
            frame = body;
        }

        /** libjpeg's rules (jdapimin.c): Adobe's marker decides, else JFIF, else the component names. */
        private JpegColors colors(byte[] frame) throws IOException {
            return switch (frame[5]) {
                case 1 -> JpegColors.GREY;
                case 3 -> {
                    String names = new String(new byte[] {frame[6], frame[9], frame[12]}, StandardCharsets.ISO_8859_1);
                    boolean rgb = !jfif && (adobe >= 0 ? adobe == 0 : names.equals("RGB"));
                    yield rgb ? JpegColors.RGB : JpegColors.YCBCR;
                }
                case 4 -> adobe <= 0 ? JpegColors.CMYK : JpegColors.YCCK;
                default -> throw new IOException("it has " + frame[5] + " components; 1, 3 and 4 are supported");
            };
        }

        private static boolean starts(byte[] body, String ascii) {
            return new String(body, 0, ascii.length(), StandardCharsets.ISO_8859_1).equals(ascii);
        }

        private static int u16(byte[] bytes, int at) {
            return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        }
    }
}
