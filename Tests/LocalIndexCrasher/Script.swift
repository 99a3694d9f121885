package import LocalIndex

/// A fixed sequence of changes, and what the index must hold after each.
package struct Script {
    package static let dimension = 24
    private static let documents = 13

    package enum Step: Sendable {
        case replace(path: String, version: Int)
        case remove(path: String)
        case compact
    }

    /// The change number `step`; the same for everybody.
    package static func step(_ step: Int) -> Step {
        let mixed = (step &* 2_654_435_761) >> 7
        let path = "folder\(mixed % 3)/file\(mixed % documents).swift"
        switch mixed % 11 {
        case 0, 1: return .remove(path: path)
        case 2 where step % 5 == 0: return .compact
        default: return .replace(path: path, version: step)
        }
    }

    /// What the index holds after the steps below `count`: the version of each document.
    package static func documents(after count: Int) -> [String: Int] {
        var documents: [String: Int] = [:]
        for number in 0..<count {
            switch step(number) {
            case .replace(let path, let version): documents[path] = version
            case .remove(let path): documents[path] = nil
            case .compact: break
            }
        }
        return documents
    }

    /// The entries of a version of a document. Some texts are those of other versions, so that vectors are shared.
    package static func entries(_ path: String, version: Int) -> [LocalIndex.Entry] {
        (0..<(version % 7 + 1)).map { number in
            let text = number % 3 == 0 ? "shared text \((version + number) % 10)" : "own text v\(version)n\(number)"
            return LocalIndex.Entry(
                id: "\(path)#\(number)", document: path, language: "swift", startLine: number, endLine: number,
                byteStart: number * 10, byteEnd: number * 10 + 9, version: "\(version)", symbol: "symbol\(number)",
                header: path, text: text, hash: text, kind: "code")
        }
    }

    package static func record(_ path: String, version: Int) -> LocalIndex.DocumentRecord {
        let count = entries(path, version: version).count
        return LocalIndex.DocumentRecord(
            path: path, tag: "\(version)", version: "\(version)", size: version, passageCount: count)
    }

    /// A vector that depends on the text only.
    package static func vector(_ text: String) -> [Float] {
        var state = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return (0..<dimension).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
        }
    }

    package static func apply(_ number: Int, to index: LocalIndex) async throws {
        switch step(number) {
        case .replace(let path, let version):
            let entries = entries(path, version: version)
            try await index.replace(
                document: record(path, version: version), entries: entries, vectors: entries.map { vector($0.text) })
        case .remove(let path): try await index.remove(documents: [path])
        case .compact: try await index.compact()
        }
    }
}
