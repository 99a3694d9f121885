"""A small codebase in several languages, written by the tests. Its facts are known, so that citations can be checked."""

import pathlib

FILES = {
    "README.md": """\
# Lighthouse

Lighthouse watches over ships: it measures fog, switches the lamp and keeps a log of passages.

## Maintenance

The lamp is replaced after 1200 hours of burning.
""",
    "Sources/Lamp.swift": """\
/// The lamp of the tower.
struct Lamp {
    /// Hours that the lamp has burnt.
    private(set) var hours = 0.0
    private(set) var isBurning = false

    /// Switches the lamp on when the visibility is below 900 metres.
    mutating func adjust(visibility: Double) {
        isBurning = visibility < 900
    }

    /// A lamp that has burnt for 1200 hours must be replaced.
    var needsReplacement: Bool {
        hours >= 1200
    }
}

/// Counts the flashes of a light's character, for example three short ones every ten seconds.
func countFlashes(in pattern: [Double], threshold: Double) -> Int {
    var count = 0
    var wasDark = true
    for brightness in pattern {
        if wasDark && brightness > threshold { count += 1 }
        wasDark = brightness <= threshold
    }
    return count
}
""",
    "lighthouse/fog.py": '''\
"""Measures fog with a scatterometer."""

MAXIMUM_SAMPLES = 64


class FogSensor:
    """Averages the last samples of the scatterometer."""

    def __init__(self):
        self.samples = []

    def add_sample(self, metres):
        """Adds a measured visibility; the oldest sample is dropped after MAXIMUM_SAMPLES."""
        self.samples.append(metres)
        if len(self.samples) > MAXIMUM_SAMPLES:
            self.samples.pop(0)

    def visibility(self):
        """The median, which a single gull before the lens does not disturb."""
        ordered = sorted(self.samples)
        return ordered[len(ordered) // 2] if ordered else float("inf")


def parse_bulletin(text):
    """Reads a weather bulletin of lines `station: visibility in nautical miles`."""
    bulletin = {}
    for line in text.splitlines():
        station, _, miles = line.partition(":")
        if miles:
            bulletin[station.strip()] = float(miles) * 1852
    return bulletin
''',
    "lighthouse/log.go": """\
package lighthouse

import "fmt"

// Passage is one ship that passed the tower.
type Passage struct {
	Ship    string
	Bearing float64
}

// AppendPassage writes a passage to the logbook and returns its number.
func AppendPassage(log []Passage, passage Passage) ([]Passage, int) {
	log = append(log, passage)
	return log, len(log)
}

// FormatBearing writes a bearing with three digits, as mariners do.
func FormatBearing(degrees float64) string {
	return fmt.Sprintf("%03.0f", degrees)
}
""",
    "lighthouse/horn.js": """\
// The fog horn sounds for two seconds out of every thirty.
export function hornSchedule(minutes) {
  const blasts = [];
  for (let second = 0; second < minutes * 60; second += 30) {
    blasts.push({ start: second, end: second + 2 });
  }
  return blasts;
}

export class HornKeeper {
  constructor(compressor) {
    this.compressor = compressor;
  }

  // Refuses to sound below 6 bar of pressure.
  sound() {
    if (this.compressor.pressure < 6) throw new Error("too little pressure");
    return this.compressor.release();
  }
}
""",
    "lighthouse/tide.c": """\
#include <math.h>

/* Height of the tide above chart datum, by the rule of twelfths. */
double tide_height(double low, double high, int hour)
{
    static const int twelfths[] = {0, 1, 3, 6, 9, 11, 12};
    if (hour < 0) hour = 0;
    if (hour > 6) hour = 6;
    return low + (high - low) * twelfths[hour] / 12.0;
}
""",
    "lighthouse/signal.rs": """\
/// Encodes a ship's name in the Morse code of the signal lamp.
pub fn encode_morse(name: &str) -> String {
    name.chars()
        .filter_map(|letter| match letter.to_ascii_lowercase() {
            'a' => Some(".-"),
            's' => Some("..."),
            'o' => Some("---"),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
}
""",
    ".gitignore": "build/\n*.log\n",
    "build/generated.py": "ignored_build_product = 1\n",
    "debug.log": "ignored log line\n",
}

# Question, path of the file that answers it, text that the cited lines must hold.
QUESTIONS = [
    ("When is the lamp switched on?", "Sources/Lamp.swift", "visibility < 900"),
    ("How are Morse signals of a ship's name encoded?", "lighthouse/signal.rs", "encode_morse"),
    ("Which function computes the height of the tide?", "lighthouse/tide.c", "tide_height"),
    ("How does the fog sensor drop its oldest sample?", "lighthouse/fog.py", "self.samples.pop(0)"),
    ("At which pressure does the horn refuse to sound?", "lighthouse/horn.js", "pressure < 6"),
]

INDEXED = sorted(path for path in FILES if not path.startswith(("build/", "debug")))


def write(folder):
    """Writes the codebase into a folder and returns its path."""
    root = pathlib.Path(folder)
    for path, text in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def write_many(folder, count, functions=1):
    """Writes `count` small Python files whose texts all differ."""
    root = pathlib.Path(folder)
    for number in range(count):
        target = root / f"part{number // 250:03}" / f"module{number:05}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n\n".join(
            f"def step_{number}_{index}(value):\n    \"\"\"Step {index} of module {number}.\"\"\"\n    return value * {number + 3} + {index}"
            for index in range(functions)) + "\n")
    return root


def lines(root, path, first, last):
    """The lines `first` to `last`, counted from 1."""
    return "\n".join((pathlib.Path(root) / path).read_text().split("\n")[first - 1:last])
