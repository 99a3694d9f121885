import Foundation
import Hearth
import MiniLM

/// Real vectors in a number that real passages would take hours for: those of single lines of code.
struct LineVectors {
    private static let extensions: Set<String> = ["c", "go", "h", "java", "js", "py", "rs", "swift", "ts"]
    private static let batch = 256

    /// Appends the vectors of up to `count` lines below `folders` to a file as they are made, little-endian floats one
    /// after the other; so it may be ended at any time. Equal lines are taken once, in an order that a seed shuffles.
    static func write(of folders: [String], count: Int, to path: String, assets: String) throws {
        var generator = SplitMix64(seed: 1)
        let lines = try distinctLines(in: folders).shuffled(using: &generator).prefix(count)
        let encoder = try SentenceEncoder(directory: assets + "/minilm")
        FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        for start in stride(from: 0, to: lines.count, by: batch) {
            let texts = lines[start..<min(lines.count, start + batch)]
            for embedding in try encoder.encode(Array(texts), overlength: .truncate) {
                try embedding.vector.withUnsafeBytes { try file.write(contentsOf: Data($0)) }
            }
        }
        print(#"{"lines": \#(lines.count)}"#)
    }

    /// Lines that say something: not only brackets, not too long to be quick.
    private static func distinctLines(in folders: [String]) throws -> [String] {
        var lines: Set<String> = []
        for folder in folders {
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
                guard let dot = name.lastIndex(of: "."), extensions.contains(String(name[name.index(after: dot)...])),
                    let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
                else { continue }
                for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
                    let text = line.trimmingCharacters(in: .whitespaces)
                    guard (20...80).contains(text.utf8.count), text.count(where: \.isLetter) >= 12 else { continue }
                    lines.insert(text)
                }
            }
        }
        return lines.sorted()
    }
}
