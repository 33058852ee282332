#!/usr/bin/env python3
"""Record how Pillow reads and resizes small images.

NAME.EXT: a file, NAME.EXT.rgb: width and height (int32, little-endian) and the bytes of Image.open(file).convert("RGB").
resize.bin: for each case width, height, new width, new height, filter (int32), the bytes before and the bytes after Image.resize.
Run: python make_pillow_golden.py --out DIR    Needs numpy, pillow.
"""
import argparse, io, os, struct, zlib
import numpy as np
from PIL import Image, ImageCms

ap = argparse.ArgumentParser(); ap.add_argument("--out", required=True); OUT = ap.parse_args().out
R = np.random.RandomState(7); W, H = 19, 11


def smooth(w, h):
    y, x = np.mgrid[0:h, 0:w]
    return Image.fromarray(np.stack([x * 255 / (w - 1), y * 255 / (h - 1), 127 + 127 * np.sin(x / 4) * np.cos(y / 3)], -1).astype(np.uint8))


def save(im, fmt, **k): b = io.BytesIO(); im.save(b, fmt, **k); return b.getvalue()


def record(name, data):
    im = Image.open(io.BytesIO(data)); mode = im.mode; rgb = im.convert("RGB")
    open(os.path.join(OUT, name), "wb").write(data)
    open(os.path.join(OUT, name + ".rgb"), "wb").write(struct.pack("<ii", rgb.width, rgb.height) + rgb.tobytes()); print(name, mode)


def chunk(t, d): return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))


def png(color, bits, extra=b""):
    row = (W * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] * bits + 7) // 8
    palette = chunk(b"PLTE", R.bytes(3 << bits)) if color == 3 else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, bits, color, 0, 0, 0)) + chunk(b"gAMA", struct.pack(">I", 45455)) + palette + extra
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + R.bytes(row) for _ in range(H)))) + chunk(b"IEND", b""))


def bmp(bits, compression, masks=b"", flip=False, palette=b""):
    pixels = R.bytes((W * bits + 31) // 32 * 4 * H); at = 54 + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(pixels), 0, 0, at) + struct.pack("<IiiHHIIiiII", 40, W, -H if flip else H, 1, bits, compression, len(pixels), 0, 0, 0, 0) + masks + palette + pixels


for color, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 4, 8)), (4, (8, 16)), (6, (8, 16))):
    for bits in depths: record(f"png-type{color}-{bits}bit.png", png(color, bits))
record("png-transparent-rgb.png", png(2, 8, chunk(b"tRNS", bytes(6)))); record("png-transparent-palette.png", png(3, 8, chunk(b"tRNS", R.bytes(99))))
s = smooth(W, H); full = save(s, "JPEG", subsampling=0, quality=95); at = full.index(b"\xff\xe0")
adobe = lambda transform: full[:at] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform]) + full[at + 18:]
record("jpeg-420.jpg", save(s, "JPEG")); record("jpeg-progressive.jpg", save(s, "JPEG", progressive=True)); record("jpeg-grey.jpg", save(s.convert("L"), "JPEG"))
record("jpeg-profile.jpg", save(s, "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()))
record("jpeg-no-jfif.jpg", full[:at] + full[at + 18:]); record("jpeg-rgb.jpg", save(s, "JPEG", keep_rgb=True)); record("jpeg-adobe-rgb.jpg", adobe(0)); record("jpeg-adobe-ycc.jpg", adobe(1))
cmyk = bytearray(save(s.convert("CMYK"), "JPEG")); record("jpeg-cmyk.jpg", bytes(cmyk)); cmyk[cmyk.index(b"Adobe") + 11] = 2; record("jpeg-ycck.jpg", bytes(cmyk))
record("bmp-24.bmp", bmp(24, 0)); record("bmp-top-down.bmp", bmp(24, 0, flip=True)); record("bmp-32.bmp", bmp(32, 0)); record("bmp-555.bmp", bmp(16, 0))
record("bmp-565.bmp", bmp(16, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F))); record("bmp-palette.bmp", bmp(4, 0, palette=R.bytes(64))); record("bmp-1.bmp", save(s.convert("1"), "BMP"))
p = s.convert("P", palette=Image.ADAPTIVE, colors=40)
record("gif-interlaced.gif", save(p, "GIF", interlace=1)); record("gif-plain.gif", save(p, "GIF", interlace=0)); record("gif-animated.gif", save(p, "GIF", save_all=True, append_images=[p.rotate(90)], transparency=3))
record("gif-noise.gif", save(Image.fromarray(R.randint(0, 256, (60, 90)).astype(np.uint8)), "GIF"))
g = bytearray(save(p, "GIF")); g[6:10] = struct.pack("<HH", 24, 17); record("gif-canvas.gif", bytes(g))

with open(os.path.join(OUT, "resize.bin"), "wb") as out:
    for w, h in ((17, 12), (3, 30), (1, 9)):
        a = Image.fromarray(R.randint(0, 256, (h, w, 3)).astype(np.uint8))
        for f in range(6):
            for size in ((10, 10), (17, 23), (40, 12), (1, 1), (2, 31)):
                out.write(struct.pack("<iiiii", w, h, *size, f) + a.tobytes() + a.resize(size, f).tobytes())
