/// The bytes of a document as text: checked, repaired, secrets masked, every byte still at its place.
public struct SourceText: Hashable, Sendable {
    /// Valid UTF-8 of the same length as the document.
    public let bytes: [UInt8]
    /// Bytes that were no UTF-8 and were replaced by `?`.
    public let repairedBytes: Int
    public let maskedSecrets: Int

    /// - Throws: ``NotText`` if the document holds nothing that can be asked about.
    public init(_ document: [UInt8], path: String) throws(NotText) {
        guard !BinaryCheck.isBinary(document) else { throw NotText(reason: .binary) }
        guard document.contains(where: { $0 > UInt8(ascii: " ") }) else { throw NotText(reason: .empty) }
        guard !GeneratedCheck.isGenerated(document, path: path) else { throw NotText(reason: .generated) }
        var bytes = document
        repairedBytes = UTF8Repair.repair(&bytes)
        maskedSecrets = SecretMask.mask(&bytes)
        self.bytes = bytes
    }

    /// Why a document is skipped.
    public struct NotText: Error, Hashable, Sendable {
        public let reason: SkipReason

        public init(reason: SkipReason) { self.reason = reason }
    }
}
