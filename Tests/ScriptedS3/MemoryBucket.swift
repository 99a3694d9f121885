import Synchronization

/// A bucket in memory, as a script: objects, ranges, conditions, listings in pages. It counts what is asked.
public final class MemoryBucket: Sendable {
    private struct Stored {
        let bytes: [UInt8]
        let tag: String
        /// What a listing says of it: made once, so that a test measures the other side.
        let summary: String

        init(_ key: String, _ bytes: [UInt8]) {
            self.bytes = bytes
            tag = MemoryBucket.tag(bytes)
            summary =
                "<Contents><Key>\(MemoryBucket.encoded(key))</Key><Size>\(bytes.count)</Size>"
                + "<ETag>&quot;\(tag)&quot;</ETag></Contents>"
        }
    }

    private struct State {
        var objects: [String: Stored] = [:]
        /// Sorted by their bytes; made when it is needed.
        var keys: [String]?
        var requests: [String: Int] = [:]
    }

    public let name: String
    private let state = Mutex(State())

    public init(_ name: String = "code", _ objects: [String: String] = [:]) {
        self.name = name
        for (key, text) in objects { put(key, Array(text.utf8)) }
    }

    public func put(_ key: String, _ bytes: [UInt8]) {
        let stored = Stored(key, bytes)
        state.withLock { state in
            state.objects[key] = stored
            state.keys = nil
        }
    }

    public func delete(_ key: String) {
        state.withLock { state in
            state.objects[key] = nil
            state.keys = nil
        }
    }

    /// How many requests of a kind came: `GET`, `HEAD`, `PUT`, `DELETE` or `LIST`.
    public func requests(_ kind: String) -> Int { state.withLock { $0.requests[kind] ?? 0 } }

    public func answer(_ request: ScriptedS3.Received) -> ScriptedS3.Reply {
        let path = String(request.target.prefix { $0 != "?" }).removingURLPercentEncoding()
        let parts = path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.first.map(String.init) == name else { return .error(404, "NoSuchBucket") }
        let key = parts.count > 1 ? String(parts[1]) : ""
        return state.withLock { state in
            let isListing = request.method == "GET" && key.isEmpty
            state.requests[isListing ? "LIST" : request.method, default: 0] += 1
            if isListing { return Self.list(&state, request) }
            if key.isEmpty { return ScriptedS3.Reply(200) }
            switch request.method {
            case "PUT":
                if request.header("if-none-match") == "*", state.objects[key] != nil {
                    return .error(412, "PreconditionFailed")
                }
                let stored = Stored(key, request.body)
                state.objects[key] = stored
                state.keys = nil
                return ScriptedS3.Reply(200, headers: [("etag", "\"\(stored.tag)\"")])
            case "DELETE":
                state.objects[key] = nil
                state.keys = nil
                return ScriptedS3.Reply(204)
            default:
                guard let stored = state.objects[key] else { return .error(404, "NoSuchKey") }
                return Self.read(stored, request)
            }
        }
    }

    private static func read(_ stored: Stored, _ request: ScriptedS3.Received) -> ScriptedS3.Reply {
        let bytes = stored.bytes
        let headers = [(name: "etag", value: "\"\(stored.tag)\"")]
        guard let range = request.header("range") else { return ScriptedS3.Reply(200, headers: headers, bytes: bytes) }
        let bounds = range.drop { $0 != "=" }.dropFirst().split(separator: "-").compactMap { Int($0) }
        guard bounds.count == 2, bounds[0] < bytes.count else { return .error(416, "InvalidRange") }
        let last = min(bounds[1], bytes.count - 1)
        return ScriptedS3.Reply(
            206, headers: headers + [(name: "content-range", value: "bytes \(bounds[0])-\(last)/\(bytes.count)")],
            bytes: Array(bytes[bounds[0]...last]))
    }

    private static func list(_ state: inout State, _ request: ScriptedS3.Received) -> ScriptedS3.Reply {
        let keys = state.keys ?? state.objects.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        state.keys = keys
        let prefix = request.parameter("prefix") ?? ""
        let limit = request.parameter("max-keys").flatMap { Int($0) } ?? 1000
        let after = request.parameter("continuation-token").flatMap { Int($0) }
        var index = after ?? keys.firstIndex { $0.utf8.starts(with: prefix.utf8) } ?? keys.count
        var contents = ""
        var count = 0
        while index < keys.count, keys[index].utf8.starts(with: prefix.utf8), count < limit {
            contents += state.objects[keys[index]]?.summary ?? ""
            index += 1
            count += 1
        }
        let isTruncated = index < keys.count && keys[index].utf8.starts(with: prefix.utf8)
        return ScriptedS3.Reply(
            200,
            body: "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>\(isTruncated)</IsTruncated>"
                + (isTruncated ? "<NextContinuationToken>\(index)</NextContinuationToken>" : "")
                + contents + "</ListBucketResult>")
    }

    private static func encoded(_ key: String) -> String {
        key.utf8.map { byte in
            byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// Fowler, Noll and Vo's hash: it changes with the bytes, and that is all a tag has to do.
    private static func tag(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
