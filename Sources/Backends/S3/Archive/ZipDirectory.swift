import Hearth

/// The list of entries at a zip file's end (PKWARE's APPNOTE, with Zip64).
struct ZipDirectory {
    struct Entry: Hashable, Sendable {
        let entry: ArchiveEntry
        /// 0 stored, 8 deflated.
        let method: Int
        let crc: UInt32
        let packedSize: Int
        /// Of the local header.
        let offset: Int
    }

    private static let mostBytes = 256 << 20

    let entries: [Entry]

    /// - Throws: ``StoreError`` `corrupt`, or `invalid` for a path that leads out.
    init(_ file: ScratchFile, archive: String) throws(StoreError) {
        let damaged = StoreError(.corrupt, "\(archive) is damaged, or no zip file. Upload it again.")
        let tailStart = max(0, file.size - 65_557)
        let tail = try file.read(tailStart..<file.size)
        guard let end = Self.lastSignature(in: tail) else { throw damaged }
        var count = tail.number(end + 10, 2)
        var size = tail.number(end + 12, 4)
        var offset = tail.number(end + 16, 4)
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            guard end >= 20, tail.number(end - 20, 4) == 0x0706_4B50 else { throw damaged }
            let place = tail.number(end - 12, 8)
            guard place >= 0, place <= file.size - 56 else { throw damaged }
            let record = try file.read(place..<(place + 56))
            guard record.number(0, 4) == 0x0606_4B50 else { throw damaged }
            (count, size, offset) = (record.number(32, 8), record.number(40, 8), record.number(48, 8))
        }
        guard size >= 0, size <= Self.mostBytes, offset >= 0, offset <= file.size - size, count >= 0, count <= size / 46
        else { throw damaged }
        let bytes = try file.read(offset..<(offset + size))
        var entries: [Entry] = []
        var position = 0
        for _ in 0..<count {
            guard position + 46 <= bytes.count, bytes.number(position, 4) == 0x0201_4B50 else { throw damaged }
            let nameEnd = position + 46 + bytes.number(position + 28, 2)
            let extraEnd = nameEnd + bytes.number(position + 30, 2)
            guard extraEnd <= bytes.count else { throw damaged }
            if let entry = try Self.entry(
                bytes[position..<(position + 46)], name: bytes[(position + 46)..<nameEnd],
                extra: bytes[nameEnd..<extraEnd],
                archive: archive)
            {
                guard entry.packedSize >= 0, entry.entry.size >= 0, entry.offset >= 0,
                    entry.packedSize <= file.size, entry.offset <= file.size - entry.packedSize
                else { throw damaged }
                entries.append(entry)
            }
            position = extraEnd + bytes.number(position + 32, 2)
        }
        // Entries that share their bytes are how a small file unpacks to an endless one.
        let sorted = entries.sorted { $0.offset < $1.offset }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.offset + 30 + one.packedSize > next.offset {
            throw StoreError(.invalid, "\(archive) has entries that overlap. Make the archive anew.")
        }
        self.entries = entries
    }

    private static func entry(
        _ record: ArraySlice<UInt8>, name: ArraySlice<UInt8>, extra: ArraySlice<UInt8>, archive: String
    ) throws(StoreError) -> Entry? {
        let fixed = Array(record)
        // A name that is no UTF-8 cannot be cited.
        guard let text = String(validating: name, as: UTF8.self),
            let path = try ArchiveEntry.plainPath(text, in: archive)
        else { return nil }
        var size = fixed.number(24, 4)
        var packedSize = fixed.number(20, 4)
        var offset = fixed.number(42, 4)
        var large = Array(zip64(extra))
        func next(_ value: inout Int) {
            guard value == 0xFFFF_FFFF, large.count >= 8 else { return }
            value = large.number(0, 8)
            large.removeFirst(8)
        }
        next(&size)
        next(&packedSize)
        next(&offset)
        let (flags, method) = (fixed.number(8, 2), fixed.number(10, 2))
        let mode = fixed[5] == 3 ? fixed.number(38, 4) >> 16 & 0o170000 : 0
        let kind: ArchiveEntry.Kind
        if text.hasSuffix("/") || mode == 0o040000 {
            kind = .folder
        } else if mode == 0o120000 {
            kind = .link
        } else {
            kind = flags & 1 == 0 && (method == 0 || method == 8) ? .file : .other
        }
        return Entry(
            entry: ArchiveEntry(path: path, kind: kind, size: size), method: method,
            crc: UInt32(truncatingIfNeeded: fixed.number(16, 4)), packedSize: packedSize, offset: offset)
    }

    /// The extra field that holds what does not fit into four bytes.
    private static func zip64(_ extra: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = extra
        while rest.count >= 4 {
            let fields = Array(rest.prefix(4))
            let size = fields.number(2, 2)
            let value = rest.dropFirst(4).prefix(size)
            if fields.number(0, 2) == 1 { return value }
            rest = rest.dropFirst(4 + size)
        }
        return []
    }

    private static func lastSignature(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return (0...(tail.count - 22)).last { index in
            tail.number(index, 4) == 0x0605_4B50 && index + 22 + tail.number(index + 20, 2) <= tail.count
        }
    }
}

extension [UInt8] {
    /// A little-endian number; negative if its eighth byte says so. The caller has checked that the bytes are there.
    func number(_ position: Int, _ count: Int) -> Int {
        var value: UInt64 = 0
        for index in (position..<(position + count)).reversed() { value = value << 8 | UInt64(self[index]) }
        return Int(truncatingIfNeeded: value)
    }
}
