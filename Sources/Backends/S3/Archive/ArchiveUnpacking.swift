import CArchiveCodec
import Hearth
import NIOCore
import S3

/// Fetches an archive and unpacks it, with no more than a few pieces of it in memory.
struct ArchiveUnpacking: Sendable {
    private static let piece = 256 << 10

    let client: S3Client
    let place: ArchivePlace
    let limits: ArchiveLimits

    /// - Throws: ``StoreError`` or ``S3Error``. What breaks off or is damaged is never taken for a smaller tree.
    @concurrent
    func unpack() async throws -> UnpackedArchive {
        let object = try await client.get(place.key, in: place.bucket)
        switch place.format {
        case .tarGzip: return try await unpackTar(object)
        case .zip: return try await unpackZip(object)
        }
    }

    private func unpackTar(_ object: S3Object) async throws -> UnpackedArchive {
        let name = place.description
        var collector = try ArchiveCollector(archive: name, limits: limits)
        var tar = TarReader(archive: name)
        var inflater = try Inflater(isGzip: true)
        var packed = 0
        for try await chunk in object.body {
            packed += chunk.readableBytes
            var rest = Array(chunk.readableBytesView)[...]
            while !rest.isEmpty {
                if inflater.hasEnded {
                    // Several gzip members make one stream; zeros behind the last one are padding.
                    rest = rest.drop { $0 == 0 }
                    if rest.isEmpty { break }
                    inflater = try Inflater(isGzip: true)
                }
                let received = packed
                rest = try inflater.inflate(rest, archive: name) { part in
                    try tar.feed(part) { try collector.take($0, packed: received) }
                }
            }
        }
        guard inflater.hasEnded else { throw StoreError(.corrupt, "\(name) is cut off. Upload it again.") }
        try tar.finish()
        return collector.result(etag: object.head.etag, versionID: object.head.versionID)
    }

    private func unpackZip(_ object: S3Object) async throws -> UnpackedArchive {
        let name = place.description
        let file = try ScratchFile()
        for try await chunk in object.body { try file.append(chunk.readableBytesView) }
        let directory = try ZipDirectory(file, archive: name)
        var collector = try ArchiveCollector(archive: name, limits: limits)
        for entry in directory.entries {
            try Task.checkCancellation()
            try collector.take(.begin(entry.entry), packed: file.size)
            if entry.entry.kind == .file, entry.entry.size <= limits.entryBytes {
                try unpack(entry, from: file) { try collector.take(.content($0), packed: file.size) }
            }
            try collector.take(.end, packed: file.size)
        }
        return collector.result(etag: object.head.etag, versionID: object.head.versionID)
    }

    private func unpack(_ entry: ZipDirectory.Entry, from file: ScratchFile, use: (ArraySlice<UInt8>) throws -> Void)
        throws
    {
        let name = place.description
        let damaged = StoreError(.corrupt, "\(name): the entry \(entry.entry.path) is damaged. Upload it again.")
        let header = try file.read(entry.offset..<(entry.offset + 30))
        guard header.number(0, 4) == 0x0403_4B50 else { throw damaged }
        let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
        var (crc, size): (UInt32, Int) = (0, 0)
        func take(_ part: ArraySlice<UInt8>) throws {
            size += part.count
            // What an entry claims to be is what may come out of it.
            guard size <= entry.entry.size else { throw damaged }
            crc = part.withUnsafeBufferPointer { c_crc32(crc, $0.baseAddress, $0.count) }
            try use(part)
        }
        let inflater = entry.method == 8 ? try Inflater(isGzip: false) : nil
        for position in stride(from: start, to: start + entry.packedSize, by: Self.piece) {
            let part = try file.read(position..<min(position + Self.piece, start + entry.packedSize))
            if let inflater {
                _ = try inflater.inflate(part[...], archive: name, use: take)
            } else {
                try take(part[...])
            }
        }
        guard inflater?.hasEnded ?? true, size == entry.entry.size, crc == entry.crc else { throw damaged }
    }
}
