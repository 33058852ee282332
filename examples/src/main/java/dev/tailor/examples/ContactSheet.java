package dev.tailor.examples;

import ai.djl.modality.cv.Image;
import dev.tailor.task.Classification;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Pictures with their answers on one sheet: green where right, red where wrong. */
final class ContactSheet {
    private static final int COLUMNS = 8;
    private static final int CELL = 112;
    private static final int CAPTION = 18;

    private record Entry(BufferedImage picture, String caption, boolean right) {}

    private final List<Entry> entries = new ArrayList<>();

    void add(Image picture, String truth, Classification answer) {
        entries.add(new Entry(
                (BufferedImage) picture.getWrappedImage(),
                String.format(
                        Locale.ROOT, "%s %.2f", answer.label(), answer.best().score()),
                truth.equals(answer.label())));
    }

    void write(Path file) throws IOException {
        int rows = (entries.size() + COLUMNS - 1) / COLUMNS;
        BufferedImage sheet = new BufferedImage(COLUMNS * CELL, rows * (CELL + CAPTION), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int x = i % COLUMNS * CELL;
            int y = i / COLUMNS * (CELL + CAPTION);
            graphics.drawImage(entry.picture(), x + 3, y + 3, CELL - 6, CELL - 6, null);
            graphics.setColor(entry.right() ? new Color(0, 120, 40) : new Color(190, 20, 20));
            graphics.drawString(entry.caption(), x + 4, y + CELL + 11);
        }
        graphics.dispose();
        ImageIO.write(sheet, "png", file.toFile());
    }
}
