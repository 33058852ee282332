package dev.tailor.engine.onnx;

import dev.tailor.checkpoint.DType;
import dev.tailor.program.WeightSpec;
import dev.tailor.program.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** A weight's elements as 32-bit floats, read when they are written. */
record WeightBytes(Weights weights, WeightSpec spec, boolean transposed) implements Message.Part {
    private static final int BLOCK = 1 << 20;

    @Override
    public long size() {
        return spec.elements() * Float.BYTES;
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        if (!transposed && !spec.isNew() && weights.dtype(spec) == DType.F32) {
            for (long done = 0; done < size(); done += BLOCK) {
                int length = (int) Math.min(BLOCK, size() - done);
                Message.writeAll(channel, weights.checkpoint().bytes(spec.stored(), done, length));
            }
            return;
        }
        float[] values = weights.floats(spec);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        int rows = transposed ? Math.toIntExact(spec.shape().get(0)) : 1;
        int columns = values.length / Math.max(1, rows);
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                block.putFloat(values[row * columns + column]);
                if (!block.hasRemaining()) {
                    Message.writeAll(channel, block.flip());
                    block.clear();
                }
            }
        }
        Message.writeAll(channel, block.flip());
    }
}
