"""Makes the small pictures of the stories. The pictures are kept; this says where they come from.

Plain gradients with a coloured disc: stand-ins, not copies of anybody's work. Needs Python 3 alone.
"""

import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
SIDE = 64


def chunk(kind, data):
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png(width, height, pixel):
    rows = b""
    for y in range(height):
        rows += b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def scene(sky, disc, centre, radius):
    def pixel(x, y):
        inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2
        return disc if inside else tuple(min(255, part + 2 * y) for part in sky)

    return pixel


def with_mark(pixel, height):
    """A strip at the bottom stands for the watermark of a platform."""

    def marked(x, y):
        if y >= height - 8:
            return (255, 255, 255) if (x // 2 + y // 2) % 2 else (200, 30, 60)
        return pixel(x, y)

    return marked


FIRST = scene((150, 90, 110), (250, 220, 200), (32, 40), 12)
SECOND = scene((150, 90, 110), (250, 225, 205), (34, 30), 15)
THIRD = scene((170, 110, 120), (255, 228, 210), (34, 28), 17)

PICTURES = {
    "main-job/files/spring.png": png(SIDE, SIDE, scene((90, 120, 60), (250, 180, 200), (20, 22), 9)),
    "main-job/files/poster.png": png(SIDE, SIDE, scene((40, 60, 110), (240, 240, 120), (44, 20), 7)),
    "spring-breeze/files/attempt-1.png": png(SIDE, SIDE, FIRST),
    "spring-breeze/files/attempt-2.png": png(SIDE, SIDE, SECOND),
    "spring-breeze/files/spring-breeze.png": png(SIDE, SIDE, THIRD),
    "spring-breeze/files/posted.png": png(SIDE, SIDE, with_mark(THIRD, SIDE)),
    # The strip cut away: another picture to a program that compares bytes.
    "spring-breeze/files/reposted.png": png(SIDE, SIDE - 8, THIRD),
}

# Twenty attempts at one motif, the last of them retouched, and what somebody else made of it.
for attempt in range(1, 21):
    PICTURES[f"session/files/attempt-{attempt:02}.png"] = png(
        SIDE, SIDE, scene((40 + attempt, 50, 90), (210, 60 + 2 * attempt, 70), (32, 20 + attempt), 8 + attempt // 2)
    )
PICTURES["session/files/heart.png"] = png(SIDE, SIDE, scene((60, 45, 90), (225, 80, 70), (32, 40), 18))
PICTURES["session/files/again-1.png"] = png(SIDE, SIDE, scene((90, 90, 90), (200, 90, 90), (30, 36), 15))

for name, data in PICTURES.items():
    (HERE / name).parent.mkdir(parents=True, exist_ok=True)
    (HERE / name).write_bytes(data)
