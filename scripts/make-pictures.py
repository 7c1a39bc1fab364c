#!/usr/bin/env python3
"""Makes small pictures of every kind that an import meets, and a table of what they show.

    python3 scripts/make-pictures.py FILE.zip

Needs Pillow and numpy. FILE.zip holds the pictures and table.tsv, a line each:

    name  tolerance  notes  size  pixels

notes are what an import tells of the picture, with commas between, '-' for nothing. pixels are RGB, row by row, hexadecimal, laid onto black
where the picture is transparent; they are what Pillow shows, turned upright, or what was drawn where Pillow cannot read the file. tolerance is
the largest difference of a level; above 1 for JPEG, whose decoders differ. For a picture that must be refused, size is 'refused' and pixels a
regular expression for the reason. The tests of vnca-data have the zip.
"""

import io
import struct
import sys
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

SIDE = 8
ENTRIES = {}
LINES = []
JPEG = 6

y, x = np.mgrid[0:SIDE, 0:SIDE]
DRAWN = np.stack([x * 30 + 10, y * 25 + 20, (x + y) * 8 + 5], -1).astype(np.uint8)
DRAWN[1:3, 1:6] = (250, 10, 40)
IMAGE = Image.fromarray(DRAWN)
GREY = IMAGE.convert("L")
ALPHA = ((x * 40) % 256).astype(np.uint8)
# Blocks of one colour for JPEG, so that decoders hardly differ.
BLOCKS = np.zeros((16, 16, 3), np.uint8)
BLOCKS[:8, :8], BLOCKS[:8, 8:], BLOCKS[8:, :8], BLOCKS[8:, 8:] = (200, 40, 60), (40, 180, 70), (60, 50, 190), (220, 210, 90)
TURNS = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
         6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def on_black(image):
    rgba = np.asarray(image.convert("RGBA")).astype(float)
    return np.rint(rgba[..., :3] * rgba[..., 3:] / 255).astype(np.uint8)


def picture(name, file, shows=None, notes="", tolerance=1):
    """shows: pixels or an image; what Pillow makes of the file where it is left out"""
    if shows is None:
        shows = Image.open(io.BytesIO(file))
    pixels = shows if isinstance(shows, np.ndarray) else on_black(shows)
    ENTRIES[name] = file
    LINES.append("\t".join([name, str(tolerance), notes or "-", f"{pixels.shape[1]}x{pixels.shape[0]}", pixels.tobytes().hex()]))


def refused(name, file, why):
    ENTRIES[name] = file
    LINES.append("\t".join([name, "0", "-", "refused", why]))


def turned(image, orientation):
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def exif(orientation, order="<", as_long=False):
    entry = struct.pack(order + "HHII", 274, 4, 1, orientation) if as_long else struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0)
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def chunk(kind, content, damaged=False):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content) ^ damaged)


def png(width, height, depth, colour, rows, before=b"", interlace=0, end=True):
    """rows: bytes of packed samples, each line with its filter in front"""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(rows)) + (chunk(b"IEND", b"") if end else b"")


def lines(array):
    return b"".join(b"\0" + row.tobytes() for row in array)


def with_chunk(file, extra):
    return file[:33] + extra + file[33:]


def orientations():
    blocks = Image.fromarray(BLOCKS)
    for orientation in range(1, 9):
        note = "" if orientation == 1 else "TURNED"
        upright = turned(IMAGE, orientation)
        picture(f"exif-{orientation}.png", encoded(IMAGE, "png", exif=exif(orientation)), upright, note)
        picture(f"exif-{orientation}.webp", encoded(IMAGE, "webp", lossless=True, exif=b"Exif\0\0" + exif(orientation)), upright, note)
        picture(f"exif-{orientation}.tif", encoded(IMAGE, "tiff", compression="tiff_lzw", tiffinfo={274: orientation}), upright, note)
        jpeg = encoded(blocks, "jpeg", quality=95, subsampling=0, exif=b"Exif\0\0" + exif(orientation))
        picture(f"exif-{orientation}.jpg", jpeg, turned(blocks, orientation), note, JPEG)
    picture("exif-long-big-endian.png", encoded(IMAGE, "png", exif=exif(6, ">", True)), turned(IMAGE, 6), "TURNED")
    picture("exif-0.png", encoded(IMAGE, "png", exif=exif(0)), IMAGE)
    picture("exif-9.png", encoded(IMAGE, "png", exif=exif(9)), IMAGE)
    picture("exif-broken.png", encoded(IMAGE, "png", exif=b"II*\0\xff\xff\xff\x7f"), IMAGE)
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="8"/></x:xmpmeta>')
    picture("xmp-8.png", encoded(IMAGE, "png", pnginfo=text), turned(IMAGE, 8), "TURNED")
    text = PngImagePlugin.PngInfo()
    block = (b"Exif\0\0" + exif(3)).hex()
    text.add_text("Raw profile type exif", f"\nexif\n{len(block) // 2:8d}\n{block}\n", zip=True)
    picture("imagemagick-3.png", encoded(IMAGE, "png", pnginfo=text), turned(IMAGE, 3), "TURNED")


def inks():
    blocks = np.full((16, 16, 4), 20, np.uint8)
    blocks[:8, :8, 0], blocks[:8, 8:, 1], blocks[8:, :8, 2], blocks[8:, 8:, 3] = 200, 180, 160, 90
    cmyk = Image.fromarray(blocks, "CMYK")
    baseline = encoded(cmyk, "jpeg", quality=100)
    picture("cmyk.jpg", baseline, notes="CMYK", tolerance=JPEG)
    picture("cmyk-progressive.jpg", encoded(cmyk, "jpeg", quality=100, progressive=True), notes="CMYK", tolerance=JPEG)
    marker = baseline.index(b"\xff\xee")
    length = struct.unpack(">H", baseline[marker + 2:marker + 4])[0]
    picture("cmyk-fill-bytes.jpg", baseline[:marker] + b"\xff\xff\xff" + baseline[marker:], notes="CMYK", tolerance=JPEG)
    ycck = baseline[:marker + 15] + b"\2" + baseline[marker + 16:]
    assert baseline[marker + 15] == 0
    picture("ycck.jpg", ycck, notes="CMYK", tolerance=2 * JPEG)
    picture("cmyk-no-marker.jpg", baseline[:marker] + baseline[marker + 2 + length:], notes="CMYK", tolerance=JPEG)
    picture("cmyk.tif", encoded(cmyk, "tiff"), notes="CMYK", tolerance=1)
    picture("cmyk-lzw.tif", encoded(cmyk, "tiff", compression="tiff_lzw"), notes="CMYK", tolerance=1)


def profiles():
    blocks = Image.fromarray(BLOCKS)
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture("profile-srgb.png", encoded(IMAGE, "png", icc_profile=standard), IMAGE)
    picture("profile-broken.png", encoded(IMAGE, "png", icc_profile=b"no profile"), IMAGE, "COLOUR_PROFILE")
    picture("profile-unpackable.png", with_chunk(encoded(IMAGE, "png"), chunk(b"iCCP", b"x\0\0garbage")), IMAGE, "COLOUR_PROFILE")
    picture("profile-broken.jpg", encoded(blocks, "jpeg", quality=95, icc_profile=b"no profile" * 9), notes="COLOUR_PROFILE", tolerance=3 * JPEG)
    picture("profile-broken.webp", encoded(IMAGE, "webp", lossless=True, icc_profile=b"no profile"), IMAGE, "COLOUR_PROFILE")


def harmless():
    plain = encoded(IMAGE, "png")
    picture("text-checksum.png", with_chunk(plain, chunk(b"tEXt", b"Comment\0x", True)), IMAGE)
    picture("more-behind.png", plain + b"rubbish", IMAGE)
    jpeg = encoded(Image.fromarray(BLOCKS), "jpeg", quality=95)
    picture("more-behind.jpg", jpeg + bytes(50), notes="", tolerance=3 * JPEG)
    picture("grey.jpg", encoded(Image.fromarray(BLOCKS).convert("L"), "jpeg", quality=95), tolerance=JPEG)
    picture("progressive.jpg", encoded(Image.fromarray(BLOCKS), "jpeg", quality=95, progressive=True), tolerance=3 * JPEG)


def pngs():
    wide = ((x * 8 + y) * 1000).astype(">u2")
    shown = np.repeat(np.rint(wide / 257).astype(np.uint8)[..., None], 3, 2)
    picture("grey-16.png", png(SIDE, SIDE, 16, 0, lines(wide)), shown, "SIXTEEN_BITS")
    deep = ((x * 8 + y)[..., None] * np.array([1000, 700, 300])).astype(">u2")
    picture("rgb-16.png", png(SIDE, SIDE, 16, 2, lines(deep)), np.rint(deep / 257).astype(np.uint8), "SIXTEEN_BITS")
    for depth in (1, 2, 4):
        levels = ((x + y) % (1 << depth)).astype(np.uint8)
        packed = np.packbits(np.unpackbits(levels[..., None], axis=2)[..., 8 - depth:].reshape(SIDE, -1), axis=1)
        grey = (levels.astype(int) * 255 // ((1 << depth) - 1)).astype(np.uint8)
        picture(f"grey-{depth}.png", png(SIDE, SIDE, depth, 0, lines(packed)), np.repeat(grey[..., None], 3, 2))
        colours = np.random.default_rng(depth).integers(0, 256, (1 << depth, 3), dtype=np.uint8)
        palette = chunk(b"PLTE", colours.tobytes())
        picture(f"palette-{depth}.png", png(SIDE, SIDE, depth, 3, lines(packed), palette), colours[levels])
        if depth == 4:
            refused("palette-too-short.png", png(SIDE, SIDE, depth, 3, lines(packed), chunk(b"PLTE", colours[:9].tobytes())), "is damaged: .*palette.*")
            clear = np.array([255, 0, 128, 255], np.uint8)
            alpha = np.concatenate([clear, np.full(12, 255, np.uint8)])[levels][..., None] / 255
            picture("palette-transparent.png", png(SIDE, SIDE, depth, 3, lines(packed), palette + chunk(b"tRNS", clear.tobytes())),
                    np.rint(colours[levels] * alpha).astype(np.uint8), "TRANSPARENT")
    picture("palette-8.png", encoded(IMAGE.quantize(64), "png"))
    picture("grey-alpha.png", encoded(Image.merge("LA", [GREY, Image.fromarray(ALPHA)]), "png"), notes="TRANSPARENT")
    rgba = IMAGE.copy()
    rgba.putalpha(Image.fromarray(ALPHA))
    picture("rgb-alpha.png", encoded(rgba, "png"), rgba, "TRANSPARENT")
    key = chunk(b"tRNS", struct.pack(">HHH", 250, 10, 40))
    picture("rgb-transparent-colour.png", png(SIDE, SIDE, 8, 2, lines(DRAWN), key), DRAWN * (DRAWN != (250, 10, 40)).any(2, keepdims=True), "TRANSPARENT")
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    woven = b"".join(lines(DRAWN[top::down, left::across]) for top, left, down, across in passes)
    picture("interlaced.png", png(SIDE, SIDE, 8, 2, woven, interlace=1), DRAWN)
    picture("animated.png", encoded(IMAGE, "png", save_all=True, append_images=[GREY.convert("RGB")]), IMAGE, "FIRST_FRAME")
    refused("one-pixel-short.png", png(SIDE, SIDE, 8, 2, lines(DRAWN)[:-1]), "is (cut off|damaged.*)")
    refused("no-end.png", png(SIDE, SIDE, 8, 2, lines(DRAWN), end=False), "is cut off")


def gifs():
    palette = IMAGE.quantize(32)
    still = encoded(palette, "gif")
    picture("still.gif", still, palette)
    picture("interlaced.gif", encoded(palette, "gif", interlace=1), palette)
    picture("animated.gif", encoded(palette, "gif", save_all=True, append_images=[GREY.quantize(8), palette.rotate(90)]), palette, "FIRST_FRAME")
    clear = IMAGE.quantize(8)
    index = int(np.asarray(clear)[2, 3])
    shown = on_black(clear) * (np.asarray(clear) != index)[..., None]
    picture("transparent.gif", encoded(clear, "gif", transparency=index), shown.astype(np.uint8), "TRANSPARENT")
    table = 3 << (1 + (still[10] & 7))
    refused("no-palette.gif", still[:10] + bytes([still[10] & 0x7F]) + still[11:13] + still[13 + table:], "is damaged: it has no palette")
    frame = still.index(b",", 13 + table)
    size = struct.pack("<HH", SIDE + 4, SIDE + 2)
    place = struct.pack("<HH", 3, 1)
    whole = np.zeros((SIDE + 2, SIDE + 4, 3), np.uint8)
    whole[1:1 + SIDE, 3:3 + SIDE] = on_black(palette)
    picture("frame-inside.gif", still[:6] + size + still[10:frame + 1] + place + still[frame + 5:], whole, "TRANSPARENT")
    refused("cut.gif", still[:-12], "is (cut off.*|damaged.*)")


def webps():
    rgba = IMAGE.copy()
    rgba.putalpha(Image.fromarray(ALPHA))
    grey = Image.fromarray(np.repeat(np.asarray(GREY)[..., None], 3, 2))
    lossless = encoded(IMAGE, "webp", lossless=True)
    picture("lossless.webp", lossless, IMAGE)
    picture("lossless-alpha.webp", encoded(rgba, "webp", lossless=True, exact=True), rgba, "TRANSPARENT")
    picture("lossy-grey.webp", encoded(grey, "webp", quality=100))
    flat = Image.fromarray(np.full((SIDE, SIDE, 4), 90, np.uint8))
    flat.putalpha(Image.fromarray((np.random.default_rng(4).integers(0, 90, (SIDE, SIDE)) + x * 20).astype(np.uint8)))
    file = encoded(flat, "webp", quality=100, alpha_quality=100)
    assert file[file.index(b"ALPH") + 9] & 7 != 7
    picture("lossy-alpha.webp", file, notes="TRANSPARENT")
    alphas(encoded(flat, "webp", quality=100, alpha_quality=100))
    picture("animated.webp", encoded(IMAGE, "webp", lossless=True, save_all=True, append_images=[GREY.convert("RGB")]), IMAGE, "FIRST_FRAME")
    lossy = encoded(grey, "webp", quality=100)
    refused("no-key-frame.webp", lossy[:20] + bytes([lossy[20] | 1]) + lossy[21:], "is damaged: its frame's header is none of a picture")
    refused("no-start-code.webp", lossy[:23] + b"\0" + lossy[24:], "is damaged: its frame's header is none of a picture")
    alpha = encoded(flat, "webp", quality=100)
    refused("other-size.webp", alpha[:24] + b"\x09" + alpha[25:], "is damaged: its pixels are 8 x 8, but its header tells 10 x 8")
    refused("cut.webp", lossless[:-9], "is cut off")
    # With block edges smoothed and colours interpolated, at odd sizes.
    drawn = np.fromfunction(lambda i, j, c: 6 * i + 5 * j * (c + 1) + 40 * ((i // 5 + j // 7 + c) % 3), (37, 21, 3))
    for quality in (0, 30, 60, 90):
        picture(f"lossy-{quality}.webp", encoded(Image.fromarray(drawn.astype(np.uint8)), "webp", quality=quality, method=quality // 20))
    frames = [Image.fromarray(np.roll(drawn.astype(np.uint8), n, 0)) for n in range(3)]
    picture("lossy-animated.webp", encoded(frames[0], "webp", quality=50, save_all=True, append_images=frames[1:]), notes="FIRST_FRAME")


def alphas(lossy):
    """Transparency beside lossy pixels: plain with each prediction, and packed as the encoder chose for different pictures"""
    start = lossy.index(b"ALPH")
    length = struct.unpack("<I", lossy[start + 4:start + 8])[0]
    rest = lossy[start + 8 + length + length % 2:]
    levels = np.random.default_rng(2).integers(0, 256, (SIDE, SIDE)).astype(int)
    opaque = np.asarray(Image.open(io.BytesIO(lossy)).convert("RGB")).astype(float)
    for prediction in range(4):
        left, above, corner = (np.zeros((SIDE, SIDE), int) for _ in range(3))
        left[:, 1:], above[1:], corner[1:, 1:] = levels[:, :-1], levels[:-1], levels[:-1, :-1]
        predicted = [left * 0, left.copy(), above.copy(), np.clip(left + above - corner, 0, 255)][prediction]
        if prediction:
            predicted[0], predicted[1:, 0] = left[0], above[1:, 0]
        content = bytes([prediction << 2]) + ((levels - predicted) % 256).astype(np.uint8).tobytes()
        chunks = lossy[12:start] + b"ALPH" + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) + rest
        shown = np.rint(opaque * levels[..., None] / 255).astype(np.uint8)
        picture(f"alpha-plain-{prediction}.webp", b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks, shown, "TRANSPARENT", 2)
    found = set()
    for seed in range(2000):
        chosen = np.random.default_rng(seed)
        alpha = [x * chosen.integers(1, 30) + chosen.integers(0, 9, (SIDE, SIDE)), y * chosen.integers(1, 30), (x * y * 3) % 256,
                 x * 9 + y * chosen.integers(1, 20)][seed % 4] % 255
        image = Image.fromarray(np.full((SIDE, SIDE, 4), 90, np.uint8))
        image.putalpha(Image.fromarray(alpha.astype(np.uint8)))
        file = encoded(image, "webp", quality=100, alpha_quality=100, method=seed % 7)
        at = file.index(b"ALPH") + 8
        header = file[at] & 15
        palette = file[at + 1] & 7 == 7
        if header & 1 and (header, palette) not in found:
            found.add((header, palette))
            kind = "palette" if palette else "packed"
            picture(f"alpha-{kind}-{header >> 2}.webp", file, None, "TRANSPARENT")
    assert {predicted for predicted, palette in found if not palette} == {1, 5, 9, 13}, found


def tiffs():
    for compression in (None, "tiff_lzw", "tiff_deflate", "packbits"):
        options = {"compression": compression} if compression else {}
        picture(f"{compression or 'plain'}.tif", encoded(IMAGE, "tiff", **options), IMAGE)
    picture("jpeg.tif", encoded(Image.fromarray(BLOCKS), "tiff", compression="jpeg", quality=95), tolerance=3 * JPEG)
    ink = Image.fromarray(((x + y) % 3 == 0).astype(np.uint8) * 255).convert("1")
    for compression in ("group3", "group4"):
        picture(f"{compression}.tif", encoded(ink, "tiff", compression=compression), ink)
    picture("palette.tif", encoded(IMAGE.quantize(32), "tiff"))
    wide = (x * 8 + y).astype(np.uint16) * 1000
    picture("grey-16.tif", encoded(Image.fromarray(wide), "tiff"), np.repeat(np.rint(wide / 257).astype(np.uint8)[..., None], 3, 2), "SIXTEEN_BITS")
    picture("pages.tif", encoded(IMAGE, "tiff", save_all=True, append_images=[GREY.convert("RGB")]), IMAGE, "FIRST_FRAME")
    refused("float.tif", encoded(Image.fromarray((x / 9).astype(np.float32)), "tiff"), "has samples that are no whole numbers.*")
    lab = Image.merge("LAB", IMAGE.split())
    refused("lab.tif", encoded(lab, "tiff"), "is of a kind that is not read .colours of CIELAB.*")
    refused("lab-big.tif", encoded(lab, "tiff", big_tiff=True), "is of a kind that is not read .colours of CIELAB.*")
    refused("cut.tif", encoded(IMAGE, "tiff")[:60], "is (cut off|damaged.*)")


def bmps():
    picture("rgb.bmp", encoded(IMAGE, "bmp"), IMAGE)
    picture("palette.bmp", encoded(IMAGE.quantize(200), "bmp"))
    picture("ink.bmp", encoded(GREY.convert("1"), "bmp"))
    few = encoded(IMAGE.quantize(16), "bmp")
    picture("palette-16.bmp", few)
    refused("palette-too-short.bmp", few[:-1] + b"\xfe", "is damaged: a pixel is of colour 254, but the palette has 16")
    refused("cut.bmp", encoded(IMAGE, "bmp")[:-20], "is cut off")


def others():
    refused("empty.png", b"", "is empty")
    refused("page.png", b"<!DOCTYPE html><html>404</html>", "is a page or SVG drawing.*")
    refused("pointer.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS.*")
    refused("phone.jpg", b"\0\0\0\x18ftypheic" + bytes(30), "is a HEIC.*")
    refused("new.jpg", b"\xff\x0a" + bytes(30), "is a JPEG XL file.*")
    refused("text.png", b"hello, this is a text", "is no picture.*")
    # By its first bytes, not by its name.
    picture("misnamed.jpg", encoded(IMAGE, "png"), IMAGE)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for family in (orientations, inks, profiles, harmless, pngs, gifs, webps, tiffs, bmps, others):
        family()
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in [*sorted(ENTRIES.items()), ("table.tsv", ("\n".join(LINES) + "\n").encode())]:
            entry = zipfile.ZipInfo(name)  # of one date, so that the same pictures make the same file
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, content)
    print(f"{len(LINES)} pictures")


main()
