import Hearth

/// How much an archive may become.
struct ArchiveLimits: Hashable, Sendable {
    /// Larger entries are skipped and counted.
    var entryBytes: Int
    var entries = 1_000_000
    var unpackedBytes = 8 << 30
    /// Source code becomes a fifth; zeros become a thousandth.
    var ratio = 200
    /// Up to here the ratio does not matter.
    var freeBytes = 64 << 20

    /// - Parameters:
    ///   - unpacked: of the whole archive so far.
    ///   - packed: the bytes that it came from.
    /// - Throws: ``StoreError`` `tooLarge` for an archive that unpacks to more than code does.
    func check(unpacked: Int, packed: Int, entries count: Int, of archive: String) throws(StoreError) {
        let isBomb = unpacked > freeBytes && unpacked / ratio > packed
        guard !isBomb, unpacked <= unpackedBytes, count <= entries else {
            throw StoreError(
                .tooLarge,
                "\(archive) unpacks to more than an archive of code does (\(unpacked) bytes from \(packed), \(count) entries). "
                    + "Put the code below a folder of the bucket instead.")
        }
    }
}
