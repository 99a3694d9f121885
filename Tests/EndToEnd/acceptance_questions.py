"""The 20 questions of the acceptance run, and what a right citation holds.

Each question names one or more places: a path (or the end of one) and a text. An answer is right if one of the passages
that it cites lies in such a path and its lines hold the text. Half of the questions or more do not name the symbol that
they are about.
"""

HEARTH = "hearth"
HUMMINGBIRD = "hummingbird"
PYTHON = "python"

QUESTIONS = [
    # This repository.
    (HEARTH, "Which type decides whether a failed task is tried again or set aside?", [
        ("Sources/Hearth/Task/RetryPolicy.swift", "verdict"), ("Sources/Hearth/Task/RetryPolicy+Errors.swift", "verdict")]),
    (HEARTH, "Where are the [n] markers of an answer checked against the passages of the prompt?", [
        ("Sources/Hearth/Reply/MarkerFilter.swift", "struct MarkerFilter"),
        ("Sources/Hearth/Reply/MarkerFilter.swift", "func settleMarker")]),
    (HEARTH, "How does a task survive when the process that works on it is killed with SIGKILL?", [
        ("ARCHITECTURE.md", "Redelivery on disconnect"), ("Sources/Hearth/Task/TaskBus.swift", "a process that dies"),
        ("Sources/Backends/SQLite/SQLiteTaskBus.swift", "its process ends"), ("Sources/Backends/SQLite/OwnerLock.swift", "isDead"),
        ("Sources/Backends/SQLite/OwnerLock.swift", "struct OwnerLock"), ("Sources/Hearth/Generation/Resumption.swift", "struct Resumption")]),
    (HEARTH, "Which secrets does SecretMask replace by asterisks?", [
        ("Sources/Hearth/Ingestion/SecretMask.swift", "func mask")]),
    (HEARTH, "How does RankFusion join several ranked lists into one?", [
        ("Sources/Hearth/Retrieval/RankFusion.swift", "func fuse")]),
    (HEARTH, "How are bytes that are not valid UTF-8 replaced without moving any offset?", [
        ("Sources/Hearth/Ingestion/UTF8Repair.swift", "func repair")]),
    (HEARTH, "When is a question refused because too many others are waiting?", [
        ("Sources/Gateway/Admission/Admission.swift", "func decide")]),
    (HEARTH, "How is an API key stored, and who is shown it in plain text?", [
        ("Sources/Gateway/Keys/KeyRing.swift", "func create"), ("Sources/Gateway/Keys/APIKey.swift", "let hash")]),
    # A Swift package that Hearth depends on.
    (HUMMINGBIRD, "How does FileMiddleware make the ETag of a file?", [
        ("Middleware/FileMiddleware.swift", "createETag")]),
    (HUMMINGBIRD, "Which headers does the CORS middleware put into the reply to an OPTIONS request?", [
        ("Middleware/CORSMiddleware.swift", "accessControlAllowOrigin")]),
    (HUMMINGBIRD, "Where are expired values deleted from the in-memory key-value store?", [
        ("Storage/MemoryPersistDriver.swift", "func tidy")]),
    (HUMMINGBIRD, "How does RouterTrie resolve a path to a value?", [
        ("Router/Trie/Trie+resolve.swift", "func resolve")]),
    (HUMMINGBIRD, "Where is a cookie parsed from a header?", [
        ("HTTP/Cookie.swift", "init?(from header"), ("HTTP/Cookies.swift", "init(from")]),
    (HUMMINGBIRD, "Which status does a client get when its request body has too many bytes?", [
        ("Error/NIOCore+HTTPResponseError.swift", "contentTooLarge")]),
    # A part of Python's standard library.
    (PYTHON, "Which function writes a string as JSON with ASCII characters only?", [
        ("json/encoder.py", "def py_encode_basestring_ascii"), ("json/encoder.py", "encode_basestring_ascii =")]),
    (PYTHON, "How does the decoder read a JSON document that has other text behind it?", [
        ("json/decoder.py", "def raw_decode")]),
    (PYTHON, "How does asyncio.wait_for end a coroutine that takes too long?", [
        ("asyncio/tasks.py", "def wait_for")]),
    (PYTHON, "Where does the HTTP server take the request line apart?", [
        ("http/server.py", "def parse_request")]),
    (PYTHON, "How does a log file handler decide that it has to begin a new file because the old one is too large?", [
        ("logging/handlers.py", "def shouldRollover")]),
    (PYTHON, "How are the other tasks of a TaskGroup cancelled when one fails?", [
        ("asyncio/taskgroups.py", "def _abort"), ("asyncio/taskgroups.py", "self._abort()")]),
]

# Questions and answers stand in here: it must not be a source.
IGNORED = ["acceptance*", "Benchmarks/**"]
