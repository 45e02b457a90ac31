"""Labels as Pillow reads them: ORIGINAL COPY LABEL SOURCE_TYPE. Ends with 1 where it reads something else."""

import sys
import xml.etree.ElementTree as ET

from PIL import Image

original, copy, label, source_type = sys.argv[1:]

with Image.open(original) as before, Image.open(copy) as after:
    before.load()
    after.load()
    assert before.mode == after.mode and before.size == after.size
    assert before.tobytes() == after.tobytes(), "the pixels differ"
    packet = after.info["xmp"]

root = ET.fromstring(packet.strip(b"\0"))


def texts(namespace, name):
    return [element.text for element in root.iter("{%s}%s" % (namespace, name))]


found = texts("http://www.tc260.org.cn/ns/AIGC/1.0/", "AIGC")
assert found == [label], found
found = texts("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType")
assert found == [source_type], found
