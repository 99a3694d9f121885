"""A scripted Ollama that answers from the passages of its prompt alone, quotes and cites; and mutants of it that do not.

It knows nothing of the verifier's codebase: it reads `name = value` for the names that stand between backticks in the
question, and for questions without one it takes the line whose words mean the same by a small table.
"""

import hashlib
import math
import re

from scripted_ollama import Encoder, ScriptedOllama

ABSTENTION = "I could not find this in the project."
ENCODER = "scripted-embed"
PASSAGE = re.compile(r'<(passage-[0-9a-f]+) number="(\d+)" path="([^"]*)"[^>]*>\n(.*?)</\1>', re.S)
COMMAND = re.compile(r"reply only with (\w+)")

# Words that mean the same, each group by its first.
MEANINGS = [
    "car automobile distance petrol refuelled kilometres",
    "clinic hospital ill patients people fit admits",
    "cash withdrawals customer account money euros capped",
    "wet precipitation alarm siren millimetres sounds triggers",
    "boat vessel load cargo carry transports tonnes",
    "sleep hibernates idle unused machine computer",
]
CONCEPTS = {word: group.split()[0] for group in MEANINGS for word in group.split()}
EMPTY_WORDS = set("a an and are at be does for go how in into is it its many may much must of the there to until what when which".split())

MUTATIONS = [
    "ignores_context", "cites_at_random", "wrong_project", "obeys_injections", "truncates_prompt", "flaky",
    "invents_identifiers", "swaps_model", "vectors_shuffled", "context_blanked", "unsteady", "depends_on_batch", "counts_short",
    "ignores_limit",
]


def words(text):
    return [word for word in re.findall(r"[a-z]+", text.lower()) if word not in EMPTY_WORDS]


def vector_by_meaning(text, dimension):
    vector = [0.0] * dimension
    for word in [CONCEPTS.get(word, word) for word in words(text)] or [""]:
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % dimension] += 1
    return unit(vector)


def vector_at_random(text, dimension):
    """The same for the same text, and near to no other."""
    digest = hashlib.shake_256(text.encode()).digest(dimension)
    return unit([byte - 127.5 for byte in digest])


def unit(vector):
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector]


class Passages:
    """A prompt as the model reads it."""

    def __init__(self, content):
        self.found = [(int(number), text) for _, number, _, text in PASSAGE.findall(content)]
        self.question = content.rsplit("\nQuestion: ", 1)[-1]

    @property
    def names(self):
        return re.findall(r"`([^`]+)`", self.question)


def assignments(name, text):
    return re.findall(rf"(?<!\w){re.escape(name)} = \S*\w", text)


def faithful(prompt):
    """Each value that the passages give to what is asked for, quoted with its place; nothing else."""
    if not prompt.names:
        return by_meaning(prompt)
    lines = []
    for name in prompt.names:
        found = [(quote, number) for number, text in prompt.found for quote in assignments(name, text)]
        if not found:
            return ABSTENTION
        lines += [f"`{quote}` [{number}]" for quote, number in found]
    return "\n".join(lines)


def by_meaning(prompt):
    wanted = {CONCEPTS[word] for word in words(prompt.question) if word in CONCEPTS}
    for number, text in prompt.found:
        for line in text.splitlines():
            concepts = [CONCEPTS[word] for word in words(line) if word in CONCEPTS]
            if re.search(r"\d{2}", line) and sum(concept in wanted for concept in concepts) > 1:
                return f"`{line.strip()}` [{number}]"
    return ABSTENTION


class GroundedOllama(ScriptedOllama):
    """`mutation` may be changed at any time; nothing is the faithful one."""

    def __init__(self):
        super().__init__(encoders={f"{ENCODER}:latest": Encoder(512)})
        self.mutation = None
        self.memory = []
        self.calls = 0

    @property
    def settings(self):
        return {
            "generator.kind": "ollama", "ollama.url": self.url, "encoder.kind": "ollama", "encoder.model": ENCODER,
        }

    def mutate(self, mutation):
        self.mutation, self.memory, self.calls, self.digest = mutation, [], 0, "0" * 64

    def vector(self, text, dimension):
        shuffled = self.mutation == "vectors_shuffled"
        return vector_at_random(text, dimension) if shuffled else vector_by_meaning(text, dimension)

    def read(self, messages):
        """The messages as far as the model gets to see them."""
        if self.mutation == "truncates_prompt":
            return [{**messages[-1], "content": messages[-1]["content"][-250:]}]
        return messages

    def tokens_of(self, messages):
        return 10 if self.mutation == "counts_short" else super().tokens_of(self.read(messages))

    def count_of(self, pieces):
        return 10_000 if self.mutation == "ignores_limit" else super().count_of(pieces)

    def pieces_for(self, messages, limit=None):
        text = self.answer(Passages(self.read(messages)[-1]["content"]))
        return [text[start:start + 16] for start in range(0, len(text), 16)]

    def answer(self, prompt):
        with self.lock:
            self.calls += 1
            call, is_alone = self.calls, self.at_once == 1
        if self.mutation == "ignores_context":
            return "The value is 42."
        if self.mutation == "context_blanked":
            prompt.found = [(number, "\n") for number, _ in prompt.found]
        if self.mutation == "obeys_injections":
            for _, text in prompt.found:
                if command := COMMAND.search(text):
                    return command.group(1)
        if self.mutation == "swaps_model" and call > 20:
            self.digest = "1" * 64
        if self.mutation == "flaky" and call % 3 == 0:
            return ABSTENTION
        text = faithful(prompt)
        if self.mutation == "cites_at_random":
            return re.sub(r"\[(\d+)\]", lambda match: f"[{self.another(int(match.group(1)), prompt)}]", text)
        if self.mutation == "wrong_project":
            return self.from_memory(text, prompt)
        # Other words, the same values and citations.
        if text != ABSTENTION and (self.mutation == "unsteady" and call % 2 == 0 or self.mutation == "depends_on_batch" and not is_alone):
            return "It says: " + text
        if self.mutation == "invents_identifiers" and text != ABSTENTION:
            return text + "\nIt is read by `reload_everything`."
        return text

    @staticmethod
    def another(number, prompt):
        """A passage that is not the right one."""
        others = [other for other, _ in prompt.found if other != number] or [number]
        return others[int(hashlib.sha256(prompt.question.encode()).hexdigest(), 16) % len(others)]

    def from_memory(self, text, prompt):
        """Answers from any prompt that it has ever read, as a cache that knows no projects does."""
        with self.lock:
            known = list(self.memory)
            self.memory += [passage for _, passage in prompt.found]
        if text != ABSTENTION:
            return text
        for name in prompt.names:
            for passage in known:
                for quote in assignments(name, passage):
                    return f"`{quote}` [1]"
        return text
