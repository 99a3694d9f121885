import Foundation
public import Hearth

/// Vectors by the hash of their text, kept in a file if there is one.
///
/// The file is a row of records: 32 bytes of hash, then the numbers. A record that was not written to its end is left
/// out, and the next one takes its place.
public actor VectorMemory {
    private var vectors: [String: [Float]] = [:]
    private let dimension: Int
    private let file: FileHandle?

    /// - Parameter folder: where the files of all encoders are; `nil` remembers for this run only.
    /// - Throws: ``StoreError``.
    public init(of encoder: EncoderIdentity, in folder: String?) throws {
        dimension = encoder.dimension
        guard let folder else {
            file = nil
            return
        }
        let name = Digest.sha256(of: [encoder.fingerprint, String(encoder.dimension)]).prefix(16)
        let path = "\(folder)/\(name).vectors"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
            let file = try FileHandle(forUpdating: URL(filePath: path))
            let size = 32 + 4 * encoder.dimension
            let data = try file.readToEnd() ?? Data()
            vectors = Self.read([UInt8](data), dimension: encoder.dimension)
            try file.seek(toOffset: UInt64(data.count / size * size))
            self.file = file
        } catch {
            throw StoreError(
                .full, "The vectors in \(path) cannot be read or written. Check the folder's rights.", underlying: error
            )
        }
    }

    func vectors(for keys: [String]) -> [String: [Float]] {
        var found: [String: [Float]] = [:]
        for key in keys { found[key] = vectors[key] }
        return found
    }

    /// - Throws: ``StoreError`` `full` if the file cannot be written.
    func add(_ more: [String: [Float]]) throws {
        var data = Data()
        for (key, vector) in more.sorted(by: { $0.key < $1.key }) where vectors[key] == nil && vector.count == dimension
        {
            vectors[key] = vector
            data.append(contentsOf: Self.bytes(ofHash: key))
            vector.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        do {
            try file?.write(contentsOf: data)
        } catch {
            throw StoreError(.full, "The remembered vectors cannot be written. Check the disk.", underlying: error)
        }
    }

    private static func read(_ bytes: [UInt8], dimension: Int) -> [String: [Float]] {
        var vectors: [String: [Float]] = [:]
        let size = 32 + 4 * dimension
        for start in stride(from: 0, to: bytes.count / size * size, by: size) {
            let hash = bytes[start..<(start + 32)].map { byte in
                let text = String(byte, radix: 16)
                return text.count == 1 ? "0" + text : text
            }.joined()
            vectors[hash] = bytes.withUnsafeBytes { buffer in
                (0..<dimension).map { buffer.loadUnaligned(fromByteOffset: start + 32 + 4 * $0, as: Float.self) }
            }
        }
        return vectors
    }

    private static func bytes(ofHash hash: String) -> [UInt8] {
        let digits = Array(hash.utf8)
        return stride(from: 0, to: digits.count, by: 2).map { offset in
            UInt8(String(decoding: digits[offset..<(offset + 2)], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
