package dev.tailor.hub;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** BLAKE3 with 32 bytes of output and no key, which the JDK lacks (O'Connor et al., "BLAKE3", 2021, section 2). Used by one thread. */
final class Blake3 extends MessageDigest {
    private static final int BLOCK = 64;
    private static final int CHUNK = 1024;
    private static final int CHUNK_START = 1;
    private static final int CHUNK_END = 2;
    private static final int PARENT = 4;
    private static final int ROOT = 8;
    private static final int[] IV = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };
    private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

    private final byte[] block = new byte[BLOCK];
    private final ByteBuffer words = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);

    /** Chaining values of the whole subtrees to the left, the smallest last. */
    private final Deque<int[]> subtrees = new ArrayDeque<>();

    private int[] chaining = IV;
    private int blockLength;
    private int blocks;
    private long chunk;

    Blake3() {
        super("BLAKE3");
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        for (int at = offset, end = offset + length; at < end; ) {
            if (blockLength == BLOCK) {
                if ((blocks + 1) * BLOCK == CHUNK) {
                    finishChunk();
                } else {
                    chaining = half(compress(chaining, message(), chunk, BLOCK, start()));
                    blocks++;
                    blockLength = 0;
                }
            }
            int count = Math.min(BLOCK - blockLength, end - at);
            System.arraycopy(input, at, block, blockLength, count);
            blockLength += count;
            at += count;
        }
    }

    @Override
    protected byte[] engineDigest() {
        Arrays.fill(block, blockLength, BLOCK, (byte) 0);
        int[] left = chaining;
        int[] message = message();
        long counter = chunk;
        int length = blockLength;
        int flags = start() | CHUNK_END;
        // Every subtree that waits is the left child of what comes after it.
        while (!subtrees.isEmpty()) {
            message = pair(subtrees.removeLast(), half(compress(left, message, counter, length, flags)));
            left = IV;
            counter = 0;
            length = BLOCK;
            flags = PARENT;
        }
        ByteBuffer digest = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        digest.asIntBuffer().put(half(compress(left, message, counter, length, flags | ROOT)));
        engineReset();
        return digest.array();
    }

    @Override
    protected void engineReset() {
        subtrees.clear();
        chunk = 0;
        restart();
    }

    @Override
    protected int engineGetDigestLength() {
        return 32;
    }

    private void finishChunk() {
        int[] value = half(compress(chaining, message(), chunk, BLOCK, start() | CHUNK_END));
        chunk++;
        // Subtrees of the same size are joined; how many follows from the count of chunks.
        for (long count = chunk; (count & 1) == 0; count >>= 1) {
            value = half(compress(IV, pair(subtrees.removeLast(), value), 0, BLOCK, PARENT));
        }
        subtrees.addLast(value);
        restart();
    }

    private void restart() {
        chaining = IV;
        blocks = 0;
        blockLength = 0;
    }

    private int start() {
        return blocks == 0 ? CHUNK_START : 0;
    }

    private int[] message() {
        int[] message = new int[16];
        words.asIntBuffer().get(message);
        return message;
    }

    private static int[] pair(int[] left, int[] right) {
        int[] message = Arrays.copyOf(left, 16);
        System.arraycopy(right, 0, message, 8, 8);
        return message;
    }

    private static int[] half(int[] state) {
        return Arrays.copyOf(state, 8);
    }

    private static int[] compress(int[] chaining, int[] message, long counter, int length, int flags) {
        int[] state = Arrays.copyOf(chaining, 16);
        System.arraycopy(IV, 0, state, 8, 4);
        state[12] = (int) counter;
        state[13] = (int) (counter >>> 32);
        state[14] = length;
        state[15] = flags;
        int[] m = message;
        for (int round = 0; round < 7; round++) {
            if (round > 0) {
                int[] permuted = new int[16];
                for (int i = 0; i < 16; i++) {
                    permuted[i] = m[PERMUTATION[i]];
                }
                m = permuted;
            }
            mix(state, 0, 4, 8, 12, m[0], m[1]);
            mix(state, 1, 5, 9, 13, m[2], m[3]);
            mix(state, 2, 6, 10, 14, m[4], m[5]);
            mix(state, 3, 7, 11, 15, m[6], m[7]);
            mix(state, 0, 5, 10, 15, m[8], m[9]);
            mix(state, 1, 6, 11, 12, m[10], m[11]);
            mix(state, 2, 7, 8, 13, m[12], m[13]);
            mix(state, 3, 4, 9, 14, m[14], m[15]);
        }
        for (int i = 0; i < 8; i++) {
            state[i] ^= state[i + 8];
        }
        return state;
    }

    private static void mix(int[] state, int a, int b, int c, int d, int x, int y) {
        state[a] += state[b] + x;
        state[d] = Integer.rotateRight(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = Integer.rotateRight(state[b] ^ state[c], 12);
        state[a] += state[b] + y;
        state[d] = Integer.rotateRight(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = Integer.rotateRight(state[b] ^ state[c], 7);
    }
}
