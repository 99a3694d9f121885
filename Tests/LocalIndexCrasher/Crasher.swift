import Glibc
import LocalIndex

/// A process for tests to kill, or to run out of space.
///
/// - `LocalIndexCrasher steps DIRECTORY FIRST COUNT` applies steps of the script and prints each number once its step
///   is committed.
/// - `LocalIndexCrasher fill DIRECTORY BYTES` may not write files longer than `BYTES`; it adds documents until that
///   fails and prints how many are committed and the code of the error.
@main
enum Crasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else { exit(64) }
        let index = try LocalIndex.open(directory: arguments[2], dimension: Script.dimension)
        switch arguments[1] {
        case "steps":
            guard arguments.count == 5, let first = Int(arguments[3]), let count = Int(arguments[4]) else { exit(64) }
            for step in first..<first + count {
                try await Script.apply(step, to: index)
                say("\(step)")
            }
        case "fill":
            guard let bytes = rlim_t(arguments[3]) else { exit(64) }
            try await fill(index, bytes: bytes)
        default:
            exit(64)
        }
    }

    private static func fill(_ index: LocalIndex, bytes: rlim_t) async throws {
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
        guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { exit(70) }
        var committed = 0
        while true {
            let path = "file\(committed)"
            let entries = Script.entries(path, version: 6)
            do {
                try await index.replace(
                    document: Script.record(path, version: 6), entries: entries,
                    vectors: entries.map { Script.vector($0.text) })
                committed += 1
            } catch let failure as LocalIndexError {
                say("\(committed) \(failure.code) \(failure.isRetriable)")
                return
            }
        }
    }

    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
