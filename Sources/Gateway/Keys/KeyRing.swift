import Crypto
import FoundationEssentials
public import Hearth
import Synchronization

/// The API keys, in a JSON file that is read again when it changes.
///
/// Without a file, or with an empty one, nobody needs a key.
public final class KeyRing: Sendable {
    private struct Stamp: Equatable {
        let modified: Date?
        let size: Int?
    }

    private struct State {
        var keys: [APIKey] = []
        var stamp: Stamp?
    }

    private let path: String
    private let state = Mutex(State())

    /// - Parameter path: the file; need not exist.
    public init(path: String) { self.path = path }

    /// All keys, by name.
    ///
    /// - Throws: ``GatewayError`` with code `unreadableKeys`.
    public func list() throws -> [APIKey] {
        try current().sorted { $0.name < $1.name }
    }

    /// Whether nobody needs a key.
    public func isEmpty() throws -> Bool { try current().isEmpty }

    /// Makes a key and returns it; it cannot be shown again.
    ///
    /// - Parameter projects: what it may see; `nil`: everything.
    /// - Throws: ``GatewayError`` with code `invalidKey` if the name is taken, or `unreadableKeys`.
    public func create(name: String, projects: Set<ProjectID>? = nil) throws -> String {
        var keys = try current()
        guard !name.isEmpty, name.utf8.count <= 64, !name.contains(where: \.isNewline) else {
            throw GatewayError(.invalidKey, "A key's name has 1 to 64 characters. Choose another one.")
        }
        guard !keys.contains(where: { $0.name == name }) else {
            throw GatewayError(
                .invalidKey, "There is a key '\(name)' already. Choose another name, or revoke it first.")
        }
        let random = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        let key = "hk_" + random.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        keys.append(APIKey(name: name, hash: Digest.sha256(key), projects: projects))
        try write(keys)
        return key
    }

    /// Takes a key away. It stops working at once.
    ///
    /// - Throws: ``GatewayError`` with code `invalidKey` if there is none of that name, or `unreadableKeys`.
    public func revoke(name: String) throws {
        let keys = try current()
        let kept = keys.filter { $0.name != name }
        guard kept.count < keys.count else {
            let names = keys.map(\.name).sorted().joined(separator: ", ")
            throw GatewayError(.invalidKey, "There is no key '\(name)'. Known: \(names.isEmpty ? "none" : names).")
        }
        try write(kept)
    }

    /// The stored form of a key that a client sent; `nil` if it is not one of ours.
    ///
    /// Takes the same time for every wrong key.
    package func find(_ key: String) throws -> APIKey? {
        let hash = SHA256.hash(data: Array(key.utf8))
        var found: APIKey?
        for stored in try current() where hash == Self.bytes(stored.hash) { found = stored }
        return found
    }

    private func current() throws -> [APIKey] {
        let stamp = Self.stamp(path)
        return try state.withLock { state in
            guard stamp != state.stamp else { return state.keys }
            guard stamp != Stamp(modified: nil, size: nil) else {
                state = State(stamp: stamp)
                return []
            }
            do {
                let data = try Data(contentsOf: URL(filePath: path))
                state.keys = data.isEmpty ? [] : try Self.decoder().decode([APIKey].self, from: data)
                state.stamp = stamp
                return state.keys
            } catch {
                throw GatewayError(
                    .unreadableKeys, "The key file \(path) cannot be read. Mend it or move it away.", underlying: error)
            }
        }
    }

    private func write(_ keys: [APIKey]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        do {
            try encoder.encode(keys).write(to: URL(filePath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw GatewayError(
                .unreadableKeys, "The key file \(path) cannot be written. Check the folder's rights.", underlying: error
            )
        }
        state.withLock { $0.stamp = nil }
    }

    private static func stamp(_ path: String) -> Stamp {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return Stamp(modified: attributes?[.modificationDate] as? Date, size: attributes?[.size] as? Int)
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
