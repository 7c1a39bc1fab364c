"""Writes the files that h5py users might bring, small, for H5pyFilesTest.

Usage: python3 make_fixtures.py FOLDER
Pixel (i, y, x, c) is (31 i + 7 y + 3 x + 5 c) mod 251; booleans are its lowest bit; label i is i mod 10.
"""

import ctypes
import re
import sys
from pathlib import Path

import h5py
import numpy as np

N, H, W, C = 70, 6, 5, 3
i, y, x, c = np.ogrid[:N, :H, :W, :C]
IMAGES = ((31 * i + 7 * y + 3 * x + 5 * c) % 251).astype(np.uint8)
LABELS = (np.arange(N) % 10).astype(np.uint8)
OUT = Path(sys.argv[1])


def split(name, libver="earliest", **options):
    with h5py.File(OUT / name, "w", libver=libver) as file:
        file.create_dataset("train/images", data=IMAGES, **options)
        file["train/labels"] = LABELS


split("gzip.h5", compression="gzip")
split("gzip_latest.h5", libver="latest", chunks=(64, H, W, C), compression="gzip")
split("tiles.h5", chunks=(40, 4, 3, 2), compression="gzip")
split("shuffle_gzip_fletcher.h5", chunks=(32, H, W, C), compression="gzip", shuffle=True, fletcher32=True)
split("lzf.h5", chunks=(32, H, W, C), compression="lzf")
split("lzf_fletcher.h5", chunks=(32, H, W, C), compression="lzf", fletcher32=True)
split("fletcher.h5", chunks=(31, H, W, C), fletcher32=True)
split("extendible.h5", chunks=(16, H, W, C), maxshape=(None, H, W, C))
split("extendible_latest.h5", libver="latest", chunks=(16, H, W, C), maxshape=(None, H, W, C))

with h5py.File(OUT / "user_block.h5", "w", userblock_size=512) as file:
    file["train/images"] = IMAGES
    file["train/labels"] = LABELS

with h5py.File(OUT / "root.h5", "w") as file:
    file["images"] = IMAGES[..., 0]
    file["labels"] = LABELS.astype(np.int64)

with h5py.File(OUT / "prefixed.h5", "w") as file:
    file["x_test"] = IMAGES[:20]
    file["y_test"] = LABELS[:20]
    file["x_train"] = IMAGES
    file["y_train"] = LABELS

with h5py.File(OUT / "boolean.h5", "w") as file:
    file.create_dataset("train/images", data=IMAGES % 2 == 1, compression="gzip")

# Compressing noise would lengthen it, so the library stores these chunks as they are.
with h5py.File(OUT / "noise.h5", "w") as file:
    noise = np.random.default_rng(0).integers(0, 256, (8, H, W, C), np.uint8)
    file.create_dataset("gzip/images", data=noise, chunks=(2, H, W, C), compression="gzip")
    file.create_dataset("lzf/images", data=noise, chunks=(2, H, W, C), compression="lzf", fletcher32=True)
    file.create_dataset("plain/images", data=noise)

with h5py.File(OUT / "attributes.h5", "w") as file:
    file.attrs["name"] = "brought"
    file.attrs["source"] = np.bytes_("somewhere")
    file.attrs["pixels"] = "uint8"
    file["train/images"] = IMAGES % 2

for name, images, labels in [
    ("refused_float.h5", IMAGES.astype(np.float32)[:2], None),
    ("refused_signed.h5", IMAGES.astype(np.int8)[:2], None),
    ("refused_rank.h5", IMAGES.reshape(N, -1)[:2], None),
    ("refused_channels_first.h5", np.zeros((2, 3, 8, 8), np.uint8), None),
    ("refused_labels.h5", IMAGES[:3], LABELS[:2]),
    ("refused_label_value.h5", IMAGES[:2], np.array([1, 256])),
]:
    with h5py.File(OUT / name, "w") as file:
        file["train/images"] = images
        if labels is not None:
            file["train/labels"] = labels

with h5py.File(OUT / "refused_sizes.h5", "w") as file:
    file["train/images"] = IMAGES[:2]
    file["valid/images"] = IMAGES[:2, :3]

with h5py.File(OUT / "refused_pixels.h5", "w") as file:
    file.attrs["pixels"] = "float"
    file["train/images"] = IMAGES[:2]

with h5py.File(OUT / "not_binary.h5", "w") as file:
    file.attrs["pixels"] = "binary"
    file["train/images"] = IMAGES[:2]

with h5py.File(OUT / "refused_schema.h5", "w") as file:
    file.attrs["schema-version"] = 2
    file["train/images"] = IMAGES[:2]

# Elements that were never written have the fill value, labels as well.
for name, libver, options in [
    ("unwritten", "earliest", {}),
    ("chunkless", "earliest", {"chunks": (16, H, W, C)}),
    ("unwritten_latest", "latest", {"chunks": (16, H, W, C), "maxshape": (None, H, W, C)}),
]:
    with h5py.File(OUT / f"{name}.h5", "w", libver=libver) as file:
        file.create_dataset("train/images", shape=(N, H, W, C), dtype="u1", fillvalue=9, **options)
        file.create_dataset("train/labels", shape=(N,), dtype=">i2", fillvalue=7)

for name, libver in [("hole", "earliest"), ("hole_latest", "latest")]:
    with h5py.File(OUT / f"{name}.h5", "w", libver=libver) as file:
        for part, data, fill in [("images", IMAGES, 9), ("labels", LABELS.astype(">i8"), 7)]:
            kind = {"dtype": data.dtype, "fillvalue": fill, "compression": "gzip"}
            limit, chunk = (None,) + data.shape[1:], (16,) + data.shape[1:]
            grown = file.create_dataset(f"train/{part}", shape=data.shape, maxshape=limit, chunks=chunk, **kind)
            grown[:32], grown[48:] = data[:32], data[48:]

# A gzipped chunk that is as long as what was compressed: the length says nothing about the filter.
for zeros in range(0, 300):
    noise = np.random.default_rng(zeros).integers(0, 256, (4, H, W, C), np.uint8)
    noise.reshape(-1)[:zeros] = 0
    with h5py.File(OUT / "gzip_equal.h5", "w") as file:
        file.create_dataset("gzip/images", data=noise, chunks=noise.shape, compression="gzip")
        file.create_dataset("plain/images", data=noise)
        stored = file["gzip/images"].id.get_chunk_info(0)
    if stored.size == noise.size and stored.filter_mask == 0:
        break
else:
    raise SystemExit("no chunk is as long as what was compressed")

split("wider_latest.h5", libver="latest", chunks=(16, 4, 3, 2), maxshape=(100, 20, 5, 9))
split("several_unlimited_latest.h5", libver="latest", chunks=(16, 4, 3, 2), maxshape=(None, 20, None, 3), compression="lzf")
split("middle_unlimited_latest.h5", libver="latest", chunks=(16, 4, 3, 2), maxshape=(90, None, 7, 3), compression="gzip")


def created(name, chunk, prepare, values=IMAGES, kind=h5py.h5t.STD_U8LE, libver="latest"):
    """Writes images with what only the low-level interface offers."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(chunk)
    prepare(properties)
    with h5py.File(OUT / name, "w", libver=libver) as file:
        space = h5py.h5s.create_simple(values.shape)
        group = file.create_group("train").id
        data = h5py.h5d.create(group, b"images", kind, space, properties)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(values))
        file["train/labels"] = LABELS[: len(values)]


def gzip_but_edges(properties):
    properties.set_deflate(4)
    # H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS, which h5py does not offer: asked of the library that it has loaded.
    maps = Path("/proc/self/maps").read_text().split()
    library = ctypes.CDLL(next(path for path in maps if re.search(r"/libhdf5(_serial)?[-.][^/]*so", path)))
    assert library.H5Pset_chunk_opts(ctypes.c_int64(properties.id), ctypes.c_uint(2)) == 0


def all_orders(properties):
    properties.set_fletcher32()
    properties.set_deflate(4)
    properties.set_shuffle()
    properties.set_deflate(4)


created("implicit_latest.h5", (16, 4, 3, 2), lambda p: p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY))
created("plain_edges_latest.h5", (16, 4, 3, 2), gzip_but_edges)
created("orders.h5", (16, 4, 3, 2), all_orders, libver="earliest")
created("filter_skipped.h5", (2, H, W, C), lambda p: p.set_filter(32001, h5py.h5z.FLAG_OPTIONAL), IMAGES[:2])
four_bits = h5py.h5t.STD_U8LE.copy()
four_bits.set_precision(4)
four_bits.set_offset(2)
created("precision.h5", (16, H, W, C), lambda p: None, IMAGES % 16, four_bits)

with h5py.File(OUT / "neighbours.h5", "w") as file:
    file["train/images"], file["train/labels"] = IMAGES, LABELS
    file["train/opaque"] = np.zeros(3, "V5")
    file["compound"] = np.zeros(3, [("a", "i4"), ("b", "f8")])
    file["type"] = np.dtype("i2")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["round"] = h5py.SoftLink("/round")
    file["gone"] = h5py.ExternalLink("gone.h5", "/x")
    file["lists"] = np.zeros(2, np.dtype(("i4", (2,))))

with h5py.File(OUT / "links.h5", "w", libver="latest", track_order=True) as file:
    file["deep/below/pixels"] = IMAGES
    file["deep/classes"] = h5py.ExternalLink("gzip.h5", "/train/labels")
    file["deep/images"] = h5py.SoftLink("below/pixels")
    file["deep/labels"] = h5py.SoftLink("/deep/classes")
    file["train"] = h5py.SoftLink("/deep")
    file["self"] = h5py.SoftLink("/")

# Extensible and fixed arrays with super blocks and pages; a page and some blocks were never written.
row = (np.arange(9000) % 253).astype(np.uint8).reshape(-1, 1, 1, 1)
for name, limit in [("many_chunks_latest.h5", None), ("pages_latest.h5", 9500)]:
    with h5py.File(OUT / name, "w", libver="latest") as file:
        options = {"maxshape": (limit, 1, 1, 1), "chunks": (1, 1, 1, 1), "fillvalue": 3}
        grown = file.create_dataset("train/images", shape=row.shape, dtype="u1", **options)
        grown[:3000], grown[5000:] = row[:3000], row[5000:]

with h5py.File(OUT / "refused_link.h5", "w") as file:
    file["train/images"] = h5py.SoftLink("/nowhere")

with h5py.File(OUT / "refused_link_loop.h5", "w") as file:
    file["train"], file["b"] = h5py.SoftLink("/b"), h5py.SoftLink("/train")

with h5py.File(OUT / "refused_link_file.h5", "w") as file:
    file["train/images"] = h5py.ExternalLink("gone.h5", "/x")

with h5py.File(OUT / "refused_compound.h5", "w") as file:
    file["train/images"] = np.zeros((2, 4, 4), [("a", "i4"), ("b", "f8")])

with h5py.File(OUT / "refused_external.h5", "w") as file:
    file.create_dataset("train/images", shape=(2, H, W, C), dtype="u1", external=[("gone.raw", 0, 2 * H * W * C)])

with h5py.File(OUT / "refused_virtual.h5", "w", libver="latest") as file:
    layout = h5py.VirtualLayout((2, H, W, C), "u1")
    layout[0] = h5py.VirtualSource("gone.h5", "x", (H, W, C))
    file.create_virtual_dataset("train/images", layout)

# A chunk that says that it went through Blosc.
properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
properties.set_chunk((2, H, W, C))
properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL)
with h5py.File(OUT / "refused_blosc.h5", "w") as file:
    space = h5py.h5s.create_simple((2, H, W, C))
    group = file.create_group("train").id
    data = h5py.h5d.create(group, b"images", h5py.h5t.STD_U8LE, space, properties)
    data.write_direct_chunk((0, 0, 0, 0), IMAGES[:2].tobytes(), 0)
