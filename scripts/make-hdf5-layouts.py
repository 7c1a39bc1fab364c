#!/usr/bin/env python3
"""Makes HDF5 files of every layout that h5py can write, and a table of what is in them.

    python3 scripts/make-hdf5-layouts.py DIRECTORY [--small] [--zip FILE.zip]

Needs h5py and numpy. Writes DIRECTORY/*.h5 and DIRECTORY/layouts.tsv, one line an array:

    file  path  shape  type  verdict  digest

type is int64, float64 or text: how the values are written for the digest (the first 16 digits of SHA-256), as little-endian numbers (uint64 by its bits), texts as
UTF-8 with a zero byte after each, in the order of the array's axes. verdict says what a reader must do: 'read' (these values), 'may:WORD'
(these values, or a refusal that has the word), 'refuse:WORD' (h5py cannot read it, either: a refusal that has the word). With --small the
layouts of many chunks are left out; --zip packs all into one file, as the tests of vnca-data have it. The values are those that h5py reads back after the file was closed.
"""

import argparse
import hashlib
import itertools
import os
import pathlib
import sys
import zipfile

import h5py
import numpy as np
from h5py import h5d, h5p, h5s, h5t, h5z

VERSIONS = {"earliest": ("earliest", "latest"), "v108": ("earliest", "v108"), "v108only": ("v108", "v108"),
            "v110": ("v110", "v110"), "latest": ("latest", "latest")}
FILTERS = {"s": "shuffle", "g": "gzip", "f": "fletcher32", "l": "lzf"}
LZF = 32000
FAMILIES = []


class Maker:
    """The files of one directory, and what a reader must do where that is not 'read'."""

    def __init__(self, directory, small):
        self.directory = directory
        self.small = small
        self.verdicts = {}

    def file(self, name, version="earliest", **more):
        return h5py.File(self.directory / (name + ".h5"), "w", libver=VERSIONS[version], **more)

    def verdict(self, name, path, verdict):
        self.verdicts[(name + ".h5", path)] = verdict


def family(function):
    FAMILIES.append(function)
    return function


def values(shape, dtype="u1", seed=0, smooth=False):
    """Values that differ from place to place; 'smooth' ones can be compressed."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if smooth:
        raw = (np.arange(count, dtype="i8") // 7 + seed) % 100
    elif dtype.kind == "f":
        raw = np.random.RandomState(seed).randn(count) * 100
    else:
        low, high = (0, 2) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        raw = np.random.RandomState(seed).randint(0, 256, (count, dtype.itemsize)).astype("u1")
        raw = raw.view(dtype.newbyteorder("=")).ravel() if dtype.kind != "b" else raw[:, 0] % 2
        raw = np.clip(raw, low, high) if dtype.kind != "b" else raw
    return raw.astype(dtype).reshape(shape)


def property_list(chunks=None, filters="", level=4, fill=None, dtype=None, **more):
    """A dataset creation property list; filters by letter, in the order given."""
    dcpl = h5p.create(h5p.DATASET_CREATE)
    dcpl.set_obj_track_times(False)
    if chunks is not None:
        dcpl.set_chunk(tuple(chunks))
    for letter in filters:
        if letter == "s":
            dcpl.set_shuffle()
        elif letter == "g":
            dcpl.set_deflate(level)
        elif letter == "f":
            dcpl.set_fletcher32()
        elif letter == "l":
            dcpl.set_filter(LZF, h5z.FLAG_OPTIONAL)
        else:
            raise ValueError(letter)
    if fill is not None:
        dcpl.set_fill_value(np.array(fill, dtype=dtype))
    if "layout" in more:
        dcpl.set_layout(more["layout"])
    if "alloc" in more:
        dcpl.set_alloc_time(more["alloc"])
    if "fill_time" in more:
        dcpl.set_fill_time(more["fill_time"])
    return dcpl


def create(parent, name, shape, dtype="u1", maxshape=None, data=None, dcpl=None, file_type=None, **more):
    """An array by the low-level calls, which let every property be chosen."""
    if dcpl is None:
        dcpl = property_list(dtype=dtype, **more)
    limits = None if maxshape is None else tuple(h5s.UNLIMITED if n is None else n for n in maxshape)
    space = h5s.create_simple(tuple(shape), limits)
    kind = file_type if file_type is not None else h5t.py_create(np.dtype(dtype), logical=True)
    dataset = h5py.Dataset(h5d.create(parent.id, name.encode(), kind, space, dcpl))
    if data is not None:
        dataset[...] = data
    return dataset


@family
def storage(maker):
    """Where the values lie: every kind of storage and of chunk, by every format version."""
    shape = (13, 6, 5, 3)
    chunkings = {"one-image": (1, 6, 5, 3), "four": (4, 6, 5, 3), "tiles": (3, 4, 2, 2), "whole": shape,
                 "rows": (13, 1, 5, 3), "pixels": (2, 1, 1, 3), "channels": (13, 6, 5, 1)}
    for version in VERSIONS:
        with maker.file("storage-" + version, version) as f:
            create(f, "contiguous", shape, data=values(shape, seed=1))
            create(f, "compact", shape, data=values(shape, seed=2), layout=h5d.COMPACT)
            for i, (name, chunks) in enumerate(chunkings.items()):
                create(f, name, shape, data=values(shape, seed=i), chunks=chunks)
                create(f, name + "-gzip", shape, data=values(shape, seed=i, smooth=True), chunks=chunks, filters="g")
                create(f, name + "-growing", shape, maxshape=(None, 6, 5, 3), data=values(shape, seed=i), chunks=chunks)
            create(f, "beyond", shape, maxshape=(None,) * 4, data=values(shape, seed=9), chunks=(32, 8, 8, 4))
            create(f, "beyond-gzip", shape, maxshape=(64, 8, 8, 4), data=values(shape, seed=9), chunks=(32, 8, 8, 4), filters="sg")


@family
def filters(maker):
    """Every filter in every order."""
    types = ["u1", "<i2", "<f4", ">u4", "<f8"]
    orders = [p for n in range(1, 5) for p in itertools.permutations("sgfl", n)]
    for version in ("earliest", "latest"):
        with maker.file("filters-" + version, version) as f:
            for i, order in enumerate(orders):
                dtype = types[i % len(types)]
                create(f, "".join(order), (7, 5, 3), dtype, data=values((7, 5, 3), dtype, i, smooth=True), chunks=(2, 5, 2), filters=order)
            for level in range(10):
                create(f, "level-%d" % level, (6, 9), data=values((6, 9), smooth=True), chunks=(4, 4), filters="g", level=level)
            for twice in ("gg", "ss", "ff", "gsg", "fgf"):
                create(f, twice, (7, 9), "<i4", data=values((7, 9), "<i4", smooth=True), chunks=(3, 4), filters=twice)


@family
def skipped(maker):
    """Filters that were skipped for a chunk: because they would lengthen it, or as the writer chose."""
    for version in ("earliest", "latest"):
        name = "skipped-" + version
        with maker.file(name, version) as f:
            noise = values((40, 64), seed=3)
            noise[::3] = values((14, 64), seed=3, smooth=True)
            for order in ("l", "g", "sl", "lf", "slf", "flg"):
                create(f, "noise-" + order, noise.shape, data=noise, chunks=(1, 64), filters=order)
                create(f, "noise-growing-" + order, noise.shape, maxshape=(None, 64), data=noise, chunks=(1, 64), filters=order)
            for growing in (False, True):
                dataset = create(f, "mask-growing" if growing else "mask", (9, 4, 4), "<i2", chunks=(2, 4, 4), filters="sgf",
                                 maxshape=(None, None, 4) if growing else None)
                for chunk in range(5):
                    mask = (0, 7, 2, 5, 3)[chunk]
                    dataset.id.write_direct_chunk((2 * chunk, 0, 0), encoded(values((2, 4, 4), "<i2", chunk), "sgf", mask), mask)
            create_equal_lengths(f)
            dataset = create(f, "partial-edges", (10, 7), chunks=(4, 4), data=values((10, 7), smooth=True), filters="g",
                             dcpl=unfiltered_edges((4, 4), "g"))


def unfiltered_edges(chunks, order):
    """Chunks that reach beyond the extent are kept as they are, where this h5py can ask for it."""
    dcpl = property_list(chunks, order)
    if hasattr(dcpl, "set_chunk_opts"):
        dcpl.set_chunk_opts(2)
        return dcpl
    import ctypes
    library = [line.split()[-1] for line in open("/proc/self/maps") if "libhdf5" in line and "_hl" not in line and "cpp" not in line]
    if library and ctypes.CDLL(library[0]).H5Pset_chunk_opts(ctypes.c_int64(dcpl.id), ctypes.c_uint(2)) < 0:
        print("the option to leave partial edge chunks unfiltered could not be set", file=sys.stderr)
    return dcpl


def encoded(array, order, mask):
    """A chunk as it is in the file, with the filters whose bit is set left out."""
    import struct
    import zlib
    raw = array.tobytes()
    for bit, letter in enumerate(order):
        if mask & (1 << bit):
            continue
        if letter == "s":
            raw = np.frombuffer(raw, "u1").reshape(-1, array.itemsize).T.tobytes()
        elif letter == "g":
            raw = zlib.compress(raw, 4)
        elif letter == "f":
            raw += struct.pack("<I", fletcher32(raw))
    return raw


def fletcher32(raw):
    low = high = 0
    words = [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw) - 1, 2)]
    for word in words + ([raw[-1] << 8] if len(raw) % 2 else []):
        low = (low + word) % 65535
        high = (high + low) % 65535
    low, high = low or (65535 if words else 0), high or (65535 if words else 0)
    return high << 16 | low


def create_equal_lengths(f):
    """Chunks whose filtered length happens to be their plain length: only the mask tells that they are filtered."""
    for order in ("g", "sg"):
        candidates = []
        for tail in range(0, 60):
            row = values((200,), seed=tail)
            row[:tail] = 0
            candidates.append(row)
        trial = create(f, "equal-" + order, (60, 200), data=np.stack(candidates), chunks=(1, 200), filters=order)
        f.flush()
        equal = [i for i in range(60) if hasattr(trial.id, "get_chunk_info_by_coord")
                 and trial.id.get_chunk_info_by_coord((i, 0)).size == 200 and not trial.id.get_chunk_info_by_coord((i, 0)).filter_mask]
        if not equal:
            print("no chunk of filter %s has a filtered length equal to its plain length" % order, file=sys.stderr)


@family
def limits(maker):
    """maxshape fixed, wider, unlimited, in one or several axes, with whole, missing and cut chunks."""
    shape = (9, 6, 5)
    kinds = {"fixed": None, "wider-0": (20, 6, 5), "wider-1": (9, 15, 5), "wider-2": (9, 6, 16), "wider-all": (20, 15, 16),
             "free-0": (None, 6, 5), "free-1": (9, None, 5), "free-2": (9, 6, None), "free-0-wider-1": (None, 15, 5),
             "free-1-wider-02": (20, None, 16), "free-01": (None, None, 5), "free-12": (9, None, None), "free-all": (None, None, None)}
    for version in ("earliest", "v108only", "v110", "latest"):
        with maker.file("limits-" + version, version) as f:
            for i, (name, maxshape) in enumerate(kinds.items()):
                for order in ("", "sg"):
                    suffix = "-" + order if order else ""
                    data = values(shape, "<u2", i, smooth=True)
                    create(f, name + suffix, shape, "<u2", maxshape, data, chunks=(2, 4, 3), filters=order)
                    holes = create(f, name + "-holes" + suffix, shape, "<u2", maxshape, chunks=(2, 4, 3), filters=order, fill=77)
                    holes[2:3, :, :] = data[2:3]
                    holes[5:, 0:1, 4:] = data[5:, 0:1, 4:]
            create(f, "odd-rank-1", (101,), "<i2", (None,), values((101,), "<i2"), chunks=(7,), filters="g")
            create(f, "odd-rank-2", (31, 9), "u1", (40, None), values((31, 9)), chunks=(4, 4))
            create(f, "odd-rank-5", (3, 2, 3, 2, 3), "u1", (None, 2, 3, 2, 4), values((3, 2, 3, 2, 3)), chunks=(2, 1, 2, 1, 2))
            create(f, "empty", (0, 4, 4), "u1", (None, 4, 4), chunks=(2, 4, 4))
            create(f, "empty-fixed", (0, 4, 4), "u1")


@family
def resized(maker):
    """Arrays that grew, shrank and grew again, or were appended to in pieces."""
    for version in ("earliest", "v110", "latest"):
        with maker.file("resized-" + version, version) as f:
            for order in ("", "g", "f"):
                for limit, maxshape in {"first": (None, 6), "last": (12, None), "both": (None, None), "wide": (30, 20)}.items():
                    name = limit + ("-" + order if order else "")
                    free = maxshape[0] != 12
                    data = values((12, 6), "<i4", 5)
                    more = dict(chunks=(4, 4), filters=order, fill=-3)
                    dataset = create(f, "smaller-" + name, (12, 6), "<i4", maxshape, data, **more)
                    dataset.resize((7, 5) if limit != "first" else (7, 6))
                    dataset = create(f, "again-" + name, (12, 6), "<i4", maxshape, data, **more)
                    dataset.resize((5, 6))
                    dataset.resize((11, 6))
                    dataset = create(f, "larger-" + name, (3, 2) if limit != "first" else (3, 6), "<i4", maxshape, None, **more)
                    dataset[...] = 9
                    dataset.resize((12, 6))
                    dataset[10, 1] = 8
                    if free:
                        dataset = create(f, "appended-" + name, (0, 6), "<i4", maxshape, None, **more)
                        for step in (1, 2, 4, 5):
                            first = dataset.shape[0]
                            dataset.resize((first + step, 6))
                            dataset[first:] = data[first:first + step]


@family
def fills(maker):
    """What stands where nothing was written."""
    shape = (10, 4)
    allocs = {"early": h5d.ALLOC_TIME_EARLY, "late": h5d.ALLOC_TIME_LATE, "incr": h5d.ALLOC_TIME_INCR}
    for version in ("earliest", "v108only", "latest"):
        with maker.file("fills-" + version, version) as f:
            for dtype, fill in {"u1": 9, ">i2": -2, "<f4": 0.25, "<u8": 2**64 - 3, ">f8": -1e300}.items():
                tag = np.dtype(dtype).str.replace("|", "").replace("<", "le-").replace(">", "be-")
                create(f, "never-" + tag, shape, dtype, fill=fill)
                create(f, "never-compact-" + tag, shape, dtype, fill=fill, layout=h5d.COMPACT)
                create(f, "never-chunks-" + tag, shape, dtype, fill=fill, chunks=(3, 3))
                create(f, "never-gzip-" + tag, shape, dtype, (None, 4), fill=fill, chunks=(3, 3), filters="sg")
                create(f, "part-" + tag, shape, dtype, fill=fill, chunks=(3, 3))[4:5, 1:2] = 1
            for alloc, when in allocs.items():
                for fill_time, how in {"alloc": h5d.FILL_TIME_ALLOC, "ifset": h5d.FILL_TIME_IFSET}.items():
                    name = "%s-%s" % (alloc, fill_time)
                    if alloc != "incr":
                        create(f, name, shape, "u1", fill=5, alloc=when, fill_time=how)
                    for order in ("", "g"):
                        part = create(f, name + "-chunks" + order, shape, "u1", fill=5, alloc=when, fill_time=how, chunks=(4, 2), filters=order)
                        part[6:, 1:3] = 1
                        part = create(f, name + "-growing" + order, shape, "u1", (None, 4), fill=5, alloc=when, fill_time=how, chunks=(4, 2), filters=order)
                        part[6:, 1:3] = 1
            create(f, "never-default", shape, "<i2")
            create(f, "never-default-chunks", shape, "<i2", chunks=(3, 3))
            whole = create(f, "fill-never-but-written", shape, "u1", chunks=(3, 4), fill_time=h5d.FILL_TIME_NEVER)
            whole[...] = values(shape)


@family
def types(maker):
    """The element types that become pixels and labels, and those that are refused."""
    plain = ["u1", "i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8",
             "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
    for version in ("earliest", "v108only", "latest"):
        name = "types-" + version
        with maker.file(name, version) as f:
            for i, dtype in enumerate(plain):
                tag = np.dtype(dtype).str.replace("|", "").replace("<", "le-").replace(">", "be-")
                create(f, tag, (6, 5), dtype, data=values((6, 5), dtype, i))
                create(f, tag + "-chunks", (6, 5), dtype, data=values((6, 5), dtype, i), chunks=(4, 2), filters="sg")
            special = np.array([[np.inf, -np.inf, 0.0, -0.0, 1e-40], [6.1e-5, 5.96e-8, 65504, 1, -2]])
            for dtype in ("<f2", ">f2", "<f4", "<f8"):
                with np.errstate(over="ignore"):
                    create(f, "special-" + dtype[1:] + ("le" if dtype[0] == "<" else "be"), special.shape, dtype, data=special.astype(dtype))
            f.create_dataset("boolean", data=values((6, 5), "?"))
            f.create_dataset("boolean-chunks", data=values((6, 5), "?"), chunks=(4, 2), compression="gzip")
            for base in ("u1", "i1", "<i2", ">i4"):
                enum = h5py.enum_dtype({"CAT": 3, "DOG": 1, "OWL": 7}, basetype=base)
                f.create_dataset("enum-" + base.replace("<", "le-").replace(">", "be-"), data=np.array([1, 3, 7, 7, 3], base).astype(enum))
            odd_bits(f)
            texts(f)
            committed(f)
            bitfield(f)


def odd_bits(f):
    """Integers that use only some of their bytes' bits."""
    for name, base, precision, offset in (("u1-5-0", h5t.STD_U8LE, 5, 0), ("u1-5-2", h5t.STD_U8LE, 5, 2), ("i1-6-1", h5t.STD_I8LE, 6, 1),
                                          ("u2-12-0", h5t.STD_U16LE, 12, 0), ("u2-12-3", h5t.STD_U16BE, 12, 3),
                                          ("i2-10-5", h5t.STD_I16BE, 10, 5), ("i4-24-0", h5t.STD_I32LE, 24, 0),
                                          ("i4-17-9", h5t.STD_I32BE, 17, 9), ("u8-40-16", h5t.STD_U64LE, 40, 16)):
        kind = base.copy()
        kind.set_precision(precision)
        kind.set_offset(offset)
        signed = name[0] == "i"
        low, high = (-(1 << (precision - 1)), 1 << (precision - 1)) if signed else (0, 1 << precision)
        data = np.random.RandomState(precision).randint(low, high, (5, 4)).astype("<i8")
        for suffix, more in (("", {}), ("-chunks", dict(chunks=(2, 3), filters="sg")), ("-fill", dict(chunks=(2, 3), fill=3))):
            dataset = create(f, "bits-" + name + suffix, (5, 4), "i8" if signed else "u8", file_type=kind, **more)
            if suffix == "-fill":
                dataset[:1, :1] = data[:1, :1]
            else:
                dataset[...] = data


def texts(f):
    words = ["cat", "dog", "", "größe", "日本", "a longer label with spaces", "owl "]
    utf8 = [word.encode() for word in words]
    variable = h5py.string_dtype()
    f.create_dataset("text-variable", data=words, dtype=variable)
    f.create_dataset("text-variable-chunks", data=words, dtype=variable, chunks=(3,), maxshape=(None,), compression="gzip")
    f.create_dataset("text-ascii", data=[b"cat", b"dog", b"owl"], dtype=h5py.string_dtype("ascii"))
    f.create_dataset("text-fixed", data=np.array(utf8, "S32"))
    f.create_dataset("text-fixed-utf8", data=np.array(utf8, h5py.string_dtype("utf-8", 32)))
    f.create_dataset("text-fixed-full", data=np.array([b"abcd", b"ab", b"efgh"], "S4"))
    f.create_dataset("text-fixed-chunks", data=np.array(utf8, "S32"), chunks=(2,), shuffle=True, compression="gzip")
    for name, pad in (("null-padded", h5t.STR_NULLPAD), ("null-ended", h5t.STR_NULLTERM), ("space-padded", h5t.STR_SPACEPAD)):
        kind = h5t.C_S1.copy()
        kind.set_size(8)
        kind.set_strpad(pad)
        create(f, "text-" + name, (3,), "S8", file_type=kind, data=np.array([b"cat", b"a dog", b"owls ar"], "S8"))
    never = f.create_dataset("text-variable-holes", (9,), dtype=variable, chunks=(2,), maxshape=(None,))
    never[3] = "three"
    f.create_dataset("text-never", (4,), dtype="S5")


def committed(f):
    """A type with a name of its own, which the array's header only points to."""
    f["named"] = np.dtype("<i2")
    f.create_dataset("of-named", data=values((6, 5), "<i2"), dtype=f["named"])
    enum = h5py.enum_dtype({"A": 0, "B": 1}, basetype="u1")
    f["named-enum"] = enum
    f.create_dataset("of-named-enum", (4,), dtype=f["named-enum"])[...] = np.array([0, 1, 1, 0], "u1").astype(enum)


def bitfield(f):
    kind = h5t.STD_B8LE.copy()
    dataset = create(f, "bitfield", (6, 5), "u1", file_type=kind)
    dataset.id.write(h5s.ALL, h5s.ALL, values((6, 5)), kind)


@family
def links(maker):
    """Links of every kind, followed or told."""
    data = values((5, 4))
    for version in ("earliest", "v108only", "latest"):
        name = "links-" + version
        with maker.file("target-" + version, version) as f:
            f["deep/images"] = data
            f["back"] = h5py.ExternalLink(name + ".h5", "/real/images")
            f["there"] = h5py.ExternalLink(name + ".h5", "/loop-external")
            f["inside"] = h5py.SoftLink("/deep/images")
        with maker.file(name, version) as f:
            f["real/images"] = data
            f["hard"] = f["real/images"]
            f["hard-group"] = f["real"]
            f["real/self"] = f["real"]
            f["soft"] = h5py.SoftLink("/real/images")
            f["soft-group"] = h5py.SoftLink("/real")
            f["soft-chain"] = h5py.SoftLink("/soft")
            f["soft-chain-3"] = h5py.SoftLink("/soft-chain")
            f["real/soft-relative"] = h5py.SoftLink("images")
            f["soft-through"] = h5py.SoftLink("/soft-group/images")
            f["soft-dot"] = h5py.SoftLink("/real/./images")
            f["external"] = h5py.ExternalLink("target-%s.h5" % version, "/deep/images")
            f["external-soft"] = h5py.ExternalLink("target-%s.h5" % version, "/inside")
            f["external-back"] = h5py.ExternalLink("target-%s.h5" % version, "/back")
            f["external-group"] = h5py.ExternalLink("target-%s.h5" % version, "/deep")
            f["loop"] = h5py.SoftLink("/loop")
            f["loop-a"] = h5py.SoftLink("/loop-b")
            f["loop-b"] = h5py.SoftLink("/loop-a")
            f["loop-external"] = h5py.ExternalLink("target-%s.h5" % version, "/there")
            f["missing"] = h5py.SoftLink("/nowhere")
            f["missing-below"] = h5py.SoftLink("/nowhere/images")
            f["missing-file"] = h5py.ExternalLink("no-such-file.h5", "/images")
            f["missing-in-file"] = h5py.ExternalLink("target-%s.h5" % version, "/nowhere")
        for path in ("hard-group/images", "real/self/self/images", "soft-group/images", "soft-group/self/images", "external-group/images"):
            maker.verdict(name, path, "read")
        for path in ("loop", "loop-a", "loop-b", "loop-external"):
            maker.verdict(name, path, "refuse:loop")
        for path in ("missing", "missing-below", "missing-in-file"):
            maker.verdict(name, path, "refuse:nowhere")
        maker.verdict(name, "missing-file", "refuse:no-such-file.h5")
        maker.verdict("target-" + version, "there", "refuse:loop")


@family
def groups(maker):
    """Groups of every kind: old and new, many links, order of creation kept."""
    for version in ("earliest", "v108only", "latest"):
        with maker.file("groups-" + version, version, track_order=version == "latest") as f:
            for count in (3, 9, 40, 400):
                for order in (False, True):
                    group = f.create_group("many-%d%s" % (count, "-ordered" if order else ""), track_order=order)
                    for i in range(count - 2):
                        group.create_group("g%d" % i) if i < 2 else group.__setitem__("s%d" % i, h5py.SoftLink("/x/%d" % i))
                    group["images"] = values((3, 2), seed=count)
                    group["zz"] = values((2, 2), seed=count)
                    del group["g0"]
            deep = f
            for i in range(30):
                deep = deep.create_group("d%d" % i)
            deep["images"] = values((3, 2))
            f["größe"] = values((3, 2))
            f["with space/a.b"] = values((3, 2))
            f["n" * 300] = values((2, 2))
            moved = f.create_dataset("first", data=values((3, 2)))
            f.move("first", "moved/here")
            many = f.create_dataset("attributes", data=values((3, 2)))
            for i in range(40):
                many.attrs["a%d" % i] = np.arange(i)
            many = f.create_dataset("few-attributes", data=values((3, 2)), track_times=True)
            many.attrs["text"] = "a text of variable length"
            many.attrs["long"] = np.arange(400)
            ordered = f.create_dataset("ordered-attributes", data=values((3, 2)), track_order=True)
            for i in range(12):
                ordered.attrs["a%d" % i] = i


@family
def files(maker):
    """What surrounds the values: user blocks, sizes of addresses, strategies of file space."""
    def fill(f):
        create(f, "contiguous", (7, 5), data=values((7, 5)))
        create(f, "chunks", (7, 5), data=values((7, 5)), chunks=(2, 3), filters="g")
        create(f, "growing", (7, 5), "u1", (None, 5), values((7, 5)), chunks=(2, 3))
        f["group/text"] = ["a", "b"]
    for version in ("earliest", "latest"):
        for size in (512, 4096):
            with maker.file("user-block-%d-%s" % (size, version), version, userblock_size=size) as f:
                fill(f)
    for strategy in ("fsm", "page", "aggregate", "none"):
        for persist in (False, True):
            with maker.file("space-%s%s" % (strategy, "-persist" if persist else ""), "latest", fs_strategy=strategy, fs_persist=persist) as f:
                fill(f)
                del f["contiguous"]
                create(f, "contiguous", (7, 5), data=values((7, 5), seed=1))
    for addresses, lengths in ((4, 4), (8, 4), (4, 8), (2, 2)):
        fcpl = h5p.create(h5p.FILE_CREATE)
        fcpl.set_sizes(addresses, lengths)
        for version in ("earliest", "latest"):
            fapl = h5p.create(h5p.FILE_ACCESS)
            low = h5py.h5f.LIBVER_EARLIEST if version == "earliest" else h5py.h5f.LIBVER_LATEST
            fapl.set_libver_bounds(low, h5py.h5f.LIBVER_LATEST)
            path = maker.directory / ("sizes-%d-%d-%s.h5" % (addresses, lengths, version))
            with h5py.File(h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, fcpl, fapl)) as f:
                create(f, "contiguous", (7, 5), data=values((7, 5)))
                create(f, "chunks", (7, 5), data=values((7, 5)), chunks=(2, 3), filters="g")
                if lengths < 8:  # HDF5 cannot read 'unlimited' back from shorter lengths, nor dense groups
                    continue
                create(f, "growing", (7, 5), "u1", (None, 5), values((7, 5)), chunks=(2, 3))
                create(f, "free", (7, 5), "u1", (None, None), values((7, 5)), chunks=(2, 3), filters="g")
                group = f.create_group("many")
                for i in range(30):
                    group["s%d" % i] = h5py.SoftLink("/x")
                group["images"] = values((3, 2))
    with maker.file("swmr", "latest") as f:
        create(f, "growing", (3, 5), "u1", (None, 5), values((3, 5)), chunks=(2, 3))
        f.swmr_mode = True
        f["growing"].resize((7, 5))
        f["growing"][3:] = values((4, 5), seed=2)


@family
def neighbours(maker):
    """Types and storage that no image has, beside one that is an image."""
    for version in ("earliest", "v108only", "latest"):
        name = "neighbours-" + version
        with maker.file(name, version) as f:
            f["images"] = values((5, 4))
            f.create_dataset("opaque", data=np.array([b"abcd", b"efgh"], "V4"))
            f.create_dataset("compound", data=np.zeros(3, [("a", "<i4"), ("b", "<f8")]))
            f.create_dataset("reference", data=[f["images"].ref], dtype=h5py.ref_dtype)
            f.create_dataset("region", data=[f["images"].regionref[1:3]], dtype=h5py.regionref_dtype)
            f.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype("<i4"))[0] = [1, 2]
            f.create_dataset("arrays", data=np.zeros((3, 2), "<i4").view([("x", "<i4", (2,))]))
            f.create_dataset("complex", data=np.zeros(3, "<c8"))
            f.create_dataset("null", data=h5py.Empty("f4"))
            f.create_dataset("scalar", data=3)
            create(f, "long-double", (3,), "<f8", file_type=h5t.NATIVE_LDOUBLE)
            f["type"] = np.dtype("<i4")
            f.create_dataset("zz-images", data=values((5, 4), seed=1), chunks=(2, 2), compression="gzip")
        for path in ("opaque", "compound", "reference", "region", "ragged", "arrays", "complex"):
            maker.verdict(name, path, "refuse:" + path if path in ("opaque", "compound", "reference") else "refuse:")
        maker.verdict(name, "long-double", "may:")
        maker.verdict(name, "null", "skip")


@family
def packed(maker):
    """Filters that need a code of their own."""
    for version in ("earliest", "latest"):
        name = "packed-" + version
        with maker.file(name, version) as f:
            f.create_dataset("scale-offset", data=values((6, 5), "<i2", smooth=True), chunks=(2, 5), scaleoffset=0)
            f.create_dataset("scale-offset-gzip", data=values((6, 5), "<i2", smooth=True), chunks=(2, 5), scaleoffset=0, compression="gzip")
            maker.verdict(name, "scale-offset", "may:scale")
            maker.verdict(name, "scale-offset-gzip", "may:scale")
            if h5z.filter_avail(h5z.FILTER_NBIT) and hasattr(h5p.PropDCID, "set_filter"):
                kind = h5t.STD_I16LE.copy()
                kind.set_precision(11)
                dcpl = property_list((2, 5))
                dcpl.set_filter(h5z.FILTER_NBIT, 0)
                create(f, "n-bit", (6, 5), "<i2", file_type=kind, dcpl=dcpl, data=values((6, 5), "<i2", smooth=True))
                maker.verdict(name, "n-bit", "may:bit")


@family
def elsewhere(maker):
    """Values in other arrays or files: virtual and external storage."""
    with maker.file("virtual-source", "latest") as f:
        for i in range(3):
            f["part%d" % i] = values((4, 3), seed=i)
    with maker.file("virtual", "latest") as f:
        layout = h5py.VirtualLayout(shape=(12, 3), dtype="u1")
        for i in range(3):
            layout[4 * i:4 * i + 4] = h5py.VirtualSource("virtual-source.h5", "part%d" % i, shape=(4, 3))
        f.create_virtual_dataset("images", layout, fillvalue=1)
        f["own"] = values((4, 3))
        maker.verdict("virtual", "images", "may:virtual")
    (maker.directory / "external.raw").write_bytes(values((40, 3)).tobytes())
    for version in ("earliest", "latest"):
        with maker.file("external-" + version, version) as f:
            f.create_dataset("images", (10, 3), "u1", external=[("external.raw", 9, h5py.h5f.UNLIMITED)])
            f["own"] = values((4, 3))
        maker.verdict("external-" + version, "images", "may:external")


@family
def counts(maker):
    """So many chunks that the index has pages, super blocks or several levels; mostly never written, so that the files are small."""
    for order in ("", "g"):
        with maker.file("counts" + ("-" + order if order else ""), "latest") as f:
            for count in (1, 4, 5, 20, 21, 100, 1024, 1025, 3000, 20000):
                fixed = create(f, "fixed-%d" % count, (count, 1), "u1", fill=7, chunks=(1, 1), filters=order)
                growing = create(f, "growing-%d" % count, (count, 1), "u1", (None, 1), fill=7, chunks=(1, 1), filters=order)
                free = create(f, "free-%d" % count, (count, 1), "u1", (None, None), fill=7, chunks=(1, 1), filters=order)
                for dataset in (fixed, growing, free):
                    for place in {0, count // 3, count // 2 + 1, count - 1} & set(range(count)):
                        dataset[place] = place % 251
            implicit = create(f, "implicit", (3000, 1), "u1", chunks=(2, 1), filters="", alloc=h5d.ALLOC_TIME_EARLY)
            implicit[...] = values((3000, 1))
            for count in (131060, 131061, 140000) + (() if maker.small else (400000,)):
                growing = create(f, "growing-%d" % count, (count,), "u1", (None,), fill=7, chunks=(1,), filters=order)
                for place in (0, 3, 4, 131059, count - 2, count - 1):
                    growing[place] = place % 251
            wide = create(f, "growing-later-axis", (3, 5000), "u1", (3, None), fill=7, chunks=(2, 1), filters=order)
            wide[2, 4999] = 1
            wide[0, 2500] = 2
            dense = create(f, "free-dense", (400, 2), "u1", (None, None), fill=7, chunks=(1, 1), filters=order)
            dense[...] = values((400, 2))
    for version in ("earliest", "v108only"):
        with maker.file("counts-" + version, version) as f:
            tree = create(f, "tree-300", (300, 2), chunks=(1, 1), filters="g")
            tree[...] = values((300, 2))
            part = create(f, "tree-holes", (100000, 2), chunks=(1, 1), fill=7)
            for place in range(0, 100000, 999):
                part[place, place % 2] = place % 251
    if maker.small:
        return
    for version in ("earliest", "latest"):
        for order in ("", "g"):
            with maker.file("dense-%s%s" % (version, "-" + order if order else ""), version) as f:
                for name, maxshape in {"fixed": (9000,), "growing": (None,)}.items():
                    create(f, name, (9000,), "<u2", maxshape, values((9000,), "<u2"), chunks=(1,), filters=order)
                create(f, "free", (9000, 1), "<u2", (None, None), values((9000, 1), "<u2"), chunks=(1, 1), filters=order)
    with maker.file("dense-pages", "latest") as f:
        create(f, "growing", (140000,), "u1", (None,), values((140000,)), chunks=(1,))


def canonical(dataset):
    """The kind of the values, and their bytes as the table's SHA-256 takes them."""
    if h5py.check_string_dtype(dataset.dtype) or dataset.dtype.kind == "S":
        flat = np.asarray(dataset[...]).reshape(-1)
        return "text", b"".join((v.encode() if isinstance(v, str) else bytes(v)) + b"\0" for v in flat)
    kind = dataset.id.get_type()
    if isinstance(kind, h5t.TypeBitfieldID):
        array = np.empty(dataset.shape, "u%d" % kind.get_size())
        dataset.id.read(h5s.ALL, h5s.ALL, array, kind)
    else:
        array = dataset[...]
    if array.dtype.kind == "f":
        return "float64", array.astype("<f8").tobytes()
    if array.dtype.kind in "iub":
        return "int64", array.astype("<u8" if array.dtype.kind == "u" else "<i8").tobytes()
    raise TypeError(str(array.dtype))


def arrays(group, prefix=""):
    """Paths of the children that are no groups; hard links to groups and cycles are not entered."""
    for name in sorted(group):
        path = prefix + name
        link = group.get(name, getlink=True)
        try:
            child = group[name]
        except (KeyError, OSError, RuntimeError):
            yield path
            continue
        if isinstance(child, h5py.Dataset):
            yield path
        elif isinstance(child, h5py.Group) and isinstance(link, h5py.HardLink) and path not in ("hard-group", "real/self"):
            yield from arrays(child, path + "/")


def rows(maker):
    for file in sorted(maker.directory.glob("*.h5")):
        with h5py.File(file, "r") as f:
            paths = list(arrays(f)) + [p for (name, p) in maker.verdicts if name == file.name]
            for path in sorted(set(paths)):
                verdict = maker.verdicts.get((file.name, path), "read")
                if verdict == "skip" or "/s" in path and path.startswith("many"):
                    continue
                if verdict.startswith("refuse"):
                    yield [file.name, path, "-", "-", verdict, "-"]
                    continue
                kind, raw = canonical(f[path])
                yield [file.name, path, ",".join(map(str, f[path].shape)), kind, verdict, hashlib.sha256(raw).hexdigest()[:16]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--small", action="store_true", help="leave out the layouts of many chunks")
    parser.add_argument("--zip", type=pathlib.Path, metavar="FILE.zip", help="pack the files and the table, too")
    chosen = parser.parse_args()
    packed_file = chosen.zip and chosen.zip.resolve()
    chosen.directory.mkdir(parents=True, exist_ok=True)
    os.chdir(chosen.directory)  # external links and virtual sources are relative
    maker = Maker(pathlib.Path("."), chosen.small)
    for make in FAMILIES:
        make(maker)
    table = [row for row in rows(maker)]
    with open("layouts.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("# h5py %s, HDF5 %s\n" % (h5py.__version__, h5py.version.hdf5_version))
        for row in table:
            out.write("\t".join(row) + "\n")
    if packed_file:
        with zipfile.ZipFile(packed_file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
            for file in sorted(pathlib.Path(".").iterdir()):
                pack.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    print("%d arrays in %d files" % (len(table), len({row[0] for row in table})))


if __name__ == "__main__":
    main()
