import Hearth

/// What a citation of an object says: enough to fetch exactly these bytes where versions are kept, to see by a HEAD whether
/// the object is still the same, and to prove the bytes.
///
/// Spelled `version=<id>;etag=<etag>;sha256=<hash>`, without the first part where the bucket keeps no versions. Of an entry
/// of an archive, id and ETag are the archive's.
public struct ObjectVersion: Hashable, Sendable, CustomStringConvertible {
    public let versionID: String?
    public let etag: String
    /// Of the document's own bytes.
    public let sha256: String

    public init(versionID: String?, etag: String, sha256: String) {
        self.versionID = versionID
        self.etag = etag
        self.sha256 = sha256
    }

    /// Reads what ``description`` says; `nil` if it is something else.
    public init?(_ text: String) {
        var values: [Substring: String] = [:]
        for part in text.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { return nil }
            values[halves[0]] = String(halves[1])
        }
        guard let etag = values["etag"], let sha256 = values["sha256"] else { return nil }
        self.init(versionID: values["version"], etag: etag, sha256: sha256)
    }

    public var description: String {
        (versionID.map { "version=\($0);" } ?? "") + "etag=\(etag);sha256=\(sha256)"
    }
}
