"""Writes the files that h5py users might bring, small, for H5pyFilesTest.

Usage: python3 make_fixtures.py FOLDER
Pixel (i, y, x, c) is (31 i + 7 y + 3 x + 5 c) mod 251; booleans are its lowest bit; label i is i mod 10.
"""

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

with h5py.File(OUT / "refused_unwritten.h5", "w") as file:
    file.create_dataset("train/images", shape=(4, H, W, C), dtype=np.uint8)

with h5py.File(OUT / "refused_chunkless.h5", "w") as file:
    file.create_dataset("train/images", shape=(4, H, W, C), dtype=np.uint8, chunks=True)

with h5py.File(OUT / "refused_filter.h5", "w") as file:
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((2, H, W, C))
    properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL)  # Blosc, which h5py alone has not
    space = h5py.h5s.create_simple((2, H, W, C))
    group = file.create_group("train").id
    data = h5py.h5d.create(group, b"images", h5py.h5t.NATIVE_UINT8, space, properties)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(IMAGES[:2]))
