package dev.tailor.transfer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.modality.cv.Image;
import dev.tailor.TailorException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    Path root;

    private Path picture(String path, int width, int height) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        String suffix = path.substring(path.lastIndexOf('.') + 1);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFF8000);
        assertThat(ImageIO.write(image, suffix, file.toFile())).isTrue();
        return file;
    }

    private Path bytes(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private String scanFailure(Path folder) {
        return assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> ImageFolder.of(folder))
                .actual()
                .getMessage();
    }

    private String readFailure() {
        ImageFolder folder = ImageFolder.of(root);
        return assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> folder.get(0))
                .withMessageContaining(folder.file(0).toString())
                .actual()
                .getMessage();
    }

    @Test
    void lists_classes_and_files_by_name_and_decodes_on_demand() throws IOException {
        picture("rose/b.PNG", 3, 2);
        picture("rose/a.bmp", 4, 1);
        picture("daisy/z.jpg", 5, 6);
        picture("daisy/y.gif", 7, 8);
        picture("daisy/.hidden.png", 1, 1);
        picture(".cache/x.png", 1, 1);
        picture("daisy/deeper/x.png", 1, 1);
        bytes("README.txt", new byte[] {1});
        bytes("daisy/notes.txt", new byte[] {1});

        ImageFolder folder = ImageFolder.of(root);
        assertThat(folder.classes()).containsExactly("daisy", "rose");
        assertThat(folder.targets()).containsExactly("daisy", "daisy", "rose", "rose");
        assertThat(folder)
                .extracting(Example::source)
                .containsExactly("daisy/y.gif", "daisy/z.jpg", "rose/a.bmp", "rose/b.PNG");
        assertThat(folder).extracting(example -> example.input().getWidth()).containsExactly(7, 5, 4, 3);
        assertThat(folder.get(3).input().getHeight()).isEqualTo(2);
        assertThat(((BufferedImage) folder.get(3).input().getWrappedImage()).getRGB(0, 0))
                .isEqualTo(0xFFFF8000);
        assertThat(folder).asString().startsWith("4 images of 2 classes in ");
    }

    @Test
    void splits_without_decoding_anything() throws IOException {
        for (int i = 0; i < 10; i++) {
            bytes("a/" + i + ".png", new byte[0]);
            bytes("b/" + i + ".png", new byte[0]);
        }
        Split<Image, String> split = ImageFolder.of(root).split(0.8, 42);
        assertThat(split.train().counts()).containsEntry("a", 8).containsEntry("b", 8);
        assertThat(split.validation().size()).isEqualTo(4);
    }

    @Test
    void a_missing_folder_and_a_file_are_refused() throws IOException {
        assertThat(scanFailure(root.resolve("none")))
                .contains("does not exist", root.resolve("none").toString());
        assertThat(scanFailure(bytes("file", new byte[1]))).startsWith("Not a folder");
    }

    @Test
    void a_folder_without_sub_folders_says_what_it_wants_and_found() throws IOException {
        assertThat(scanFailure(root)).contains("No sub-folders", "daisy/1.jpg", "found nothing");
        picture("x.png", 1, 1);
        picture("y.png", 1, 1);
        assertThat(scanFailure(root)).contains("found x.png, y.png");
    }

    @Test
    void classes_without_images_are_named_together() throws IOException {
        picture("a/x.png", 1, 1);
        bytes("b/x.txt", new byte[1]);
        Files.createDirectories(root.resolve("c"));
        assertThat(scanFailure(root)).contains("2 sub-folders", "b, c", "delete the folders");
    }

    @Test
    void a_folder_one_level_too_high_is_recognised() throws IOException {
        picture("flowers/a/x.png", 1, 1);
        assertThat(scanFailure(root))
                .contains("one level deeper", root.resolve("flowers").toString());
    }

    @Test
    void a_folder_that_is_split_already_says_which_to_pass() throws IOException {
        picture("train/a/x.png", 1, 1);
        picture("val/a/x.png", 1, 1);
        assertThat(scanFailure(root))
                .contains(
                        "ImageFolder.of(" + root.resolve("train") + ")", "ImageFolder.of(" + root.resolve("val") + ")");
        assertThat(ImageFolder.of(root.resolve("train")).classes()).containsExactly("a");
    }

    @Test
    void a_class_may_be_called_train() throws IOException {
        picture("train/x.png", 1, 1);
        picture("test/x.png", 1, 1);
        assertThat(ImageFolder.of(root).classes()).containsExactly("test", "train");
    }

    @Test
    void a_file_that_is_no_image_is_named_with_what_it_is() throws IOException {
        bytes("a/x.jpg", "<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8));
        assertThat(readFailure()).contains("x.jpg", "<!DOCTYPE html>");
        bytes("a/x.jpg", new byte[0]);
        assertThat(readFailure()).contains("x.jpg", "empty");
        bytes("a/x.jpg", "RIFF....WEBPVP8 ".getBytes(StandardCharsets.UTF_8));
        assertThat(readFailure()).contains("x.jpg", "WebP");
    }

    @Test
    void a_damaged_or_truncated_image_is_named() throws IOException {
        for (String suffix : new String[] {"png", "jpg", "gif", "bmp"}) {
            byte[] whole = Files.readAllBytes(picture("a/x." + suffix, 40, 40));
            bytes("a/x." + suffix, Arrays.copyOf(whole, 30));
            assertThat(readFailure()).contains("x." + suffix, "damaged or unusual");
            Files.delete(root.resolve("a/x." + suffix));
        }
    }

    @Test
    void a_file_deleted_after_the_listing_is_named() throws IOException {
        Path file = picture("a/x.png", 1, 1);
        ImageFolder folder = ImageFolder.of(root);
        Files.delete(file);
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> folder.get(0))
                .withMessageContaining("Cannot read the image " + file);
    }
}
