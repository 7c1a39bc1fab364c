"""Makes foreign.zip: the same 30 images and labels as other programs keep them. Needs h5py."""

import io
import zipfile

import h5py
import numpy as np

images = np.random.RandomState(0).randint(0, 256, (30, 6, 5, 3)).astype("u1")
labels = np.arange(30) % 3
out = zipfile.ZipFile("foreign.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9)


def write(name, attributes={}, **arrays):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        for path, values in arrays.items():
            f[path.replace("__", "/")] = values
        for attribute, value in attributes.items():
            f["images"].attrs[attribute] = value
    out.writestr(zipfile.ZipInfo(name + ".h5"), buffer.getvalue(), zipfile.ZIP_DEFLATED)


write("plain", images=images, labels=labels)
write("float01", x=(images / 255).astype("f4"), y=np.eye(3)[labels])
write("float255", data=images.astype(">f8"), targets=labels[:, None])
write("minus", data=(images / 127.5 - 1).astype("f4"), labels=labels.astype("u1"))
write("text", data=images, label=np.array([b"ant", b"bee", b"cow"])[labels])
write("hwcn", X=images.transpose(1, 2, 3, 0), y=labels.reshape(1, -1).astype("f8"))
write("cwhn", X=images.transpose(3, 2, 1, 0), y=np.eye(3)[labels].T)
write("ncwh", X=images.transpose(0, 3, 2, 1), y=labels)
write("u16", images=images.astype("u2") * 257, labels=labels)
write("signed", images=images.astype(">i8"), labels=labels * 1000 - 1000)
write("splits", train__images=images.transpose(0, 3, 1, 2), train__labels=labels, val__images=images[:5].transpose(0, 3, 1, 2))
write("two", a=images, b=images)
write("bits", images=(images[..., 0] > 128).astype("f8"))
write("several", images=images, labels=np.random.RandomState(1).randint(0, 2, (30, 5)))
write("nan", images=np.where(images == 7, np.nan, images))
write("square", images=images[:5, :5, :3, 0])
write("fewer", images=images, labels=labels[:29])
write("fewer_of_test", x_train=images, y_train=labels, x_test=images[:5], y_test=labels[:4])
write("fewer_of_train", x_train=images, y_train=labels[:29])
write("without_images", x_train=images, y_train=labels, y_test=labels[:5])
write("about", images=images, list_classes=np.array([b"ant", b"bee", b"cow"]), class_weights=np.ones(3), classes=3)
write("compound", images=images, labels=np.zeros(30, [("a", "i4"), ("b", "f4")]))
write("fewer_text", images=images, label=np.array([b"ant", b"bee", b"cow"])[labels[:29]])
write("packed", {"scale_factor": np.float32(2), "add_offset": np.float32(0)}, images=images // 2)
write("not_packed", {"scale_factor": np.float32([1]), "add_offset": np.int32(0), "IMAGE_WHITE_IS_ZERO": np.uint8(0)}, images=images, labels=labels)
write("shifted", {"add_offset": np.float64(-20)}, images=images)
write("indexed", {"IMAGE_SUBCLASS": np.bytes_("IMAGE_INDEXED")}, images=images[..., 0] % 4)
write("white_is_zero", {"IMAGE_WHITE_IS_ZERO": np.uint8(1)}, images=images[..., 0])
write("linked", pool__a=images, pool__b=images[:5], pool__c=labels,
      x_train=h5py.SoftLink("/pool/a"), x_test=h5py.SoftLink("pool/b"), y_train=h5py.SoftLink("/pool/c"))
write("linked_elsewhere", deep__images=h5py.ExternalLink("plain.h5", "/images"), deep__labels=h5py.ExternalLink("plain.h5", "labels"))
out.close()
