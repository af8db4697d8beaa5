#!/usr/bin/env python3
# This Source Code Form is subject to the terms of the Mozilla Public
# License, v. 2.0. If a copy of the MPL was not distributed with this
# file, You can obtain one at https://mozilla.org/MPL/2.0/.

"""Synthesises the three pieces of the demo page, as Ogg Vorbis files beside this script.

Standard library only; GStreamer's gst-launch-1.0 encodes. The same source and encoder give the
same bytes. The music is written here, for this purpose: a melody is a text of `NOTE:BEATS`.
"""

import math
import random
import struct
import subprocess
import tempfile
import wave
from array import array
from pathlib import Path

HERE = Path(__file__).resolve().parent
RATE = 32000
LOUDNESS = 0.125  # Root mean square of each piece: -18 dBFS, so that they sound equally loud.
PEAK = 0.7  # At most -3 dBFS, so that the encoder's overshoot stays below -1 dBFS.
QUALITY = 0.1
SEMITONE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def frequency(note):
    """Of a note name such as A4 (440 Hz), Bb3 or F#5."""
    steps = SEMITONE[note[0]] + note.count("#") - note[1:].count("b")
    return 440.0 * 2 ** ((steps - 9) / 12 + int(note[-1]) - 4)


def score(text, start=0.0):
    """Yields (beat, [frequencies], beats) for a text like `C4:1 E4+G4:0.5 -:2`; `-` is a rest."""
    beat = start
    for word in text.split():
        notes, _, beats = word.partition(":")
        if notes != "-":
            yield beat, [frequency(note) for note in notes.split("+")], float(beats)
        beat += float(beats)


class Track:
    """A mono mix in which instruments place their notes."""

    def __init__(self, seconds, tempo):
        self.samples = array("d", bytes(8 * int(seconds * RATE)))
        self.beat = 60.0 / tempo

    def play(self, instrument, text, gain, start=0.0):
        for beat, pitches, beats in score(text, start):
            for pitch in pitches:
                self.mix(beat * self.beat, instrument(pitch, beats * self.beat), gain)

    def mix(self, at, sound, gain):
        first = int(at * RATE)
        for index, value in enumerate(sound, first):
            if index >= len(self.samples):
                return
            self.samples[index] += gain * value

    def room(self, wet):
        """Adds a small reverberation: four combs of different length, each damped."""
        dry = array("d", self.samples)
        for milliseconds, feedback in ((29.7, 0.72), (37.1, 0.70), (41.1, 0.68), (43.7, 0.66)):
            length = int(milliseconds * RATE / 1000)
            line, low = [0.0] * length, 0.0
            for index, value in enumerate(dry):
                echo = line[index % length]
                low += 0.45 * (echo - low)
                line[index % length] = value + feedback * low
                self.samples[index] += wet * echo

    def finish(self, fade):
        """Fades the end out and sets the loudness."""
        count = int(fade * RATE)
        for index in range(count):
            self.samples[-1 - index] *= 0.5 - 0.5 * math.cos(math.pi * index / count)
        power = sum(value * value for value in self.samples) / len(self.samples)
        scale = min(LOUDNESS / math.sqrt(power), PEAK / max(map(abs, self.samples)))
        return array("h", (round(32767 * scale * value) for value in self.samples))


def partials(pitch, seconds, recipe, attack, vibrato=0.0):
    """A sum of sines: each (ratio, gain, decay in 1/s), with a soft attack and a short release."""
    release = 0.06
    count = int((seconds + release) * RATE)
    recipe = [part for part in recipe if pitch * part[0] < RATE * 0.4]
    step = math.tau * pitch / RATE
    phase, wobble = 0.0, math.tau * 5.2 / RATE
    for index in range(count):
        time = index / RATE
        sway = vibrato * min(1.0, time / 0.4) * math.sin(wobble * index) if vibrato else 0.0
        phase += step * (1.0 + sway)
        value = sum(g * math.exp(-d * time) * math.sin(r * phase) for r, g, d in recipe)
        value *= min(1.0, time / attack, (count - index) / (release * RATE))
        yield value


def bell(pitch, seconds):
    """A music box: bright at the strike, then nearly a sine. Rings on after its beat."""
    recipe = ((1, 1.0, 2.4), (2, 0.35, 4.0), (3, 0.2, 6.5), (5.4, 0.12, 14.0))
    return partials(pitch, max(seconds, 1.8), recipe, 0.004)


def marimba(pitch, seconds):
    """A struck wooden bar."""
    recipe = ((1, 1.0, 6.0), (3.93, 0.3, 16.0), (9.2, 0.08, 40.0))
    return partials(pitch, max(seconds, 0.6), recipe, 0.003)


def bass(pitch, seconds):
    return partials(pitch, seconds * 0.9, ((1, 1.0, 1.5), (2, 0.4, 3.0), (3, 0.15, 5.0)), 0.012)


def flute(pitch, seconds):
    recipe = ((1, 1.0, 0.1), (2, 0.25, 0.2), (3, 0.08, 0.4))
    return partials(pitch, seconds, recipe, 0.07, vibrato=0.004)


def pad(pitch, seconds):
    """Slow soft strings: three slightly detuned voices."""
    recipe = ((0.997, 0.5, 0.0), (1.0, 0.6, 0.0), (1.003, 0.5, 0.0), (2.001, 0.18, 0.1))
    return partials(pitch, seconds, recipe, 0.5)


def shaker(_pitch, _seconds):
    """A short breath of high noise, the same every time the script runs."""
    noise, previous = random.Random(7), 0.0
    for index in range(int(0.07 * RATE)):
        value = noise.uniform(-1.0, 1.0)
        yield (value - previous) * math.exp(-60.0 * index / RATE)
        previous = value


def morning_bells():
    """A waltz for a music box, in F major."""
    track = Track(seconds=25.0, tempo=126)
    tune = """
        C5:1 F5:1 A5:1   G5:2 F5:1   D5:1 F5:1 Bb5:1  A5:3
        C6:1 A5:1 F5:1   Bb5:2 G5:1  A5:1 G5:1 E5:1   F5:3
        A5:1 C6:1 F6:1   E6:2 D6:1   C6:1 A5:1 D6:1   C6:3
        Bb5:1 D6:1 C6:1  A5:2 F5:1   G5:1 A5:1 E5:1   F5:3
    """
    chords = """
        F3:1 A3+C4:1 A3+C4:1   E3:1 G3+C4:1 G3+C4:1   D3:1 F3+Bb3:1 F3+Bb3:1  F3:1 A3+C4:1 A3+C4:1
        F3:1 A3+C4:1 A3+C4:1   G3:1 Bb3+D4:1 Bb3+D4:1 C3:1 Bb3+E4:1 Bb3+E4:1  F3:1 A3+C4:1 A3+C4:1
        D3:1 F3+A3:1 F3+A3:1   C3:1 G3+C4:1 G3+C4:1   F3:1 A3+C4:1 A3+D4:1    F3:1 A3+C4:1 A3+C4:1
        Bb2:1 F3+D4:1 F3+D4:1  D3:1 F3+A3:1 F3+A3:1   C3:1 E3+Bb3:1 G3+Bb3:1  F3:1 A3+C4:1 F4:1
    """
    track.play(bell, tune, 0.8)
    track.play(bell, chords, 0.32)
    track.room(0.10)
    return track.finish(fade=2.0)


def paper_boats():
    """A brisk walk for marimba and bass, in G major."""
    track = Track(seconds=23.5, tempo=132)
    tune = """
        G4:.5 B4:.5 D5:1 E5:.5 D5:.5 B4:1      A4:.5 B4:.5 C5:1 B4:.5 A4:.5 G4:1
        E4:.5 G4:.5 C5:1 E5:.5 D5:.5 C5:1      B4:.5 A4:.5 F#4:1 A4:2
        G4:.5 B4:.5 D5:1 G5:.5 F#5:.5 D5:1     E5:.5 D5:.5 C5:1 E5:.5 C5:.5 A4:1
        B4:.5 D5:.5 G5:1 F#5:.5 E5:.5 D5:1     C5:.5 A4:.5 F#4:1 G4:2
        E5:1 G5:.5 E5:.5 D5:1 B4:1             C5:1 E5:.5 C5:.5 B4:1 G4:1
        A4:.5 C5:.5 B4:.5 A4:.5 F#4:1 D5:1     B4:.5 G4:.5 A4:.5 F#4:.5 G4:2
    """
    harmony = """
        B3+D4:4 C4+F#4:4  C4+E4:4 A3+D4:4  B3+D4:4 C4+E4:4  B3+D4:4 C4+D4:2 B3+D4:2
        B3+E4:4 C4+E4:4   C4+F#4:4 A3+D4:2 B3+D4:2
    """
    walk = """
        G2:1 B2:1 D3:1 B2:1  A2:1 C3:1 D3:1 F#2:1  C3:1 E3:1 G2:1 C3:1  D3:1 A2:1 D3:1 C3:1
        B2:1 D3:1 G2:1 B2:1  C3:1 E3:1 A2:1 C3:1   G2:1 B2:1 D3:1 B2:1  A2:1 D3:1 G2:2
        E2:1 G2:1 B2:1 E3:1  C3:1 G2:1 E2:1 C3:1   D3:1 A2:1 F#2:1 D3:1 D3:1 D2:1 G2:2
    """
    track.play(marimba, tune, 0.8)
    track.play(flute, harmony, 0.11)
    track.play(bass, walk, 0.5)
    track.play(shaker, "A4:.5 -:.5 " * 47, 0.05, start=0.5)
    track.room(0.05)
    return track.finish(fade=1.5)


def lamplight():
    """A slow evening song for flute and strings, in D minor."""
    track = Track(seconds=28.0, tempo=72)
    tune = """
        A4:1.5 D5:.5 F5:2   E5:1 D5:1 C5:2    Bb4:1.5 D5:.5 G5:1 F5:1  E5:4
        F5:1.5 E5:.5 D5:2   C5:1 D5:1 A4:2    Bb4:1 A4:.5 G4:.5 A4:1 C#5:1  D5:4
    """
    chords = """
        D3+F3+A3:4  C3+E3+G3:4    Bb2+D3+G3:4  A2+C#3+E3:4
        D3+F3+A3:4  F2+C3+A3:4    G2+D3+Bb3:2 A2+E3+C#4:2  D3+F3+A3:4
    """
    drops = """
        - A5 - D6  - G5 - E6  - D6 - G5  - A5 - E6
        - A5 - D6  - C6 - A5  - D6 - E6  - A5 - -
    """
    track.play(flute, tune, 0.42)
    track.play(pad, chords, 0.13)
    track.play(bell, " ".join(f"{note}:1" for note in drops.split()), 0.10, start=0.5)
    track.room(0.12)
    return track.finish(fade=2.5)


def ogg_checksum(page):
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1) ^ (0x04C11DB7 if checksum & 0x80000000 else 0)
            checksum &= 0xFFFFFFFF
    return checksum


def fix_serial(data, serial):
    """Gives an Ogg stream a serial number of our choice: the muxer draws one by lot."""
    pages, at = [], 0
    while at < len(data):
        segments = data[at + 26]
        size = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        page = bytearray(data[at : at + size])
        page[14:18] = struct.pack("<I", serial)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", ogg_checksum(page))
        pages.append(page)
        at += size
    return b"".join(pages)


def write_ogg(samples, path, title, serial):
    with tempfile.TemporaryDirectory() as folder:
        raw, encoded = Path(folder, "piece.wav"), Path(folder, "piece.ogg")
        with wave.open(str(raw), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(samples.tobytes())
        tags = f'title="{title}",artist="Sordino",album="Three Small Pieces"'.replace(" ", r"\ ")
        pipeline = [
            *("gst-launch-1.0", "-q", "filesrc", f"location={raw}", "!", "wavparse"),
            *("!", "audioconvert", "!", "taginject", f"tags={tags}"),
            *("!", "vorbisenc", f"quality={QUALITY}", "!", "oggmux"),
            *("!", "filesink", f"location={encoded}"),
        ]
        subprocess.run(pipeline, check=True)
        path.write_bytes(fix_serial(encoded.read_bytes(), serial))
    print(f"{path.name}: {len(samples) / RATE:.1f} s, {path.stat().st_size} bytes")


if __name__ == "__main__":
    write_ogg(morning_bells(), HERE / "morning-bells.ogg", "Morning Bells", 1)
    write_ogg(paper_boats(), HERE / "paper-boats.ogg", "Paper Boats", 2)
    write_ogg(lamplight(), HERE / "lamplight.ogg", "Lamplight", 3)
