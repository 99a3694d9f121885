import Hearth

/// Takes a tar archive apart as its bytes come (POSIX ustar and pax, GNU's long names).
struct TarReader {
    enum Event {
        case begin(ArchiveEntry)
        /// A part of the last entry's bytes.
        case content(ArraySlice<UInt8>)
        case end
    }

    private static let block = 512
    private static let longestName = 1 << 20

    private enum Purpose {
        case entry
        case longName
        case paxHeader
        /// Of no use here: a link's long target, defaults for all entries.
        case ignored
    }

    private let archive: String
    private var header: [UInt8] = []
    private var purpose = Purpose.entry
    /// Bytes of the current entry that are still to come, and what fills its last block.
    private var left = 0
    private var padding = 0
    private var text: [UInt8] = []
    private var longName: String?
    private var pax: [String: String] = [:]
    private var isOpen = false
    /// Two blocks of zeros end an archive; whatever follows is not its.
    private var hasEnded = false

    init(archive: String) { self.archive = archive }

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ handle: (Event) throws -> Void) throws {
        var rest = bytes
        while !rest.isEmpty, !hasEnded {
            if left > 0 {
                let part = rest.prefix(left)
                rest = rest.dropFirst(part.count)
                left -= part.count
                if purpose == .entry, isOpen { try handle(.content(part)) } else if purpose != .ignored { text += part }
                if left == 0 { try close(handle) }
            } else if padding > 0 {
                let part = rest.prefix(padding)
                rest = rest.dropFirst(part.count)
                padding -= part.count
            } else {
                let part = rest.prefix(Self.block - header.count)
                header += part
                rest = rest.dropFirst(part.count)
                if header.count == Self.block {
                    try begin(handle)
                    header.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    /// Says that no more bytes come.
    ///
    /// - Throws: ``StoreError`` `corrupt` in the middle of an entry.
    func finish() throws(StoreError) {
        guard hasEnded || (left == 0 && padding == 0 && header.isEmpty) else {
            throw damaged("it ends in the middle of an entry")
        }
    }

    private mutating func begin(_ handle: (Event) throws -> Void) throws {
        guard header.contains(where: { $0 != 0 }) else {
            hasEnded = true
            return
        }
        guard hasValidChecksum else { throw damaged("a header's checksum is wrong") }
        guard var size = number(124..<136) else { throw damaged("a size is no number") }
        let type = header[156]
        switch type {
        case UInt8(ascii: "L"): purpose = .longName
        case UInt8(ascii: "x"): purpose = .paxHeader
        case UInt8(ascii: "K"), UInt8(ascii: "g"): purpose = .ignored
        default:
            purpose = .entry
            if let text = pax["size"] {
                guard let exact = Int(text), exact >= 0 else { throw damaged("a size is no number") }
                size = exact
            }
        }
        if purpose == .longName || purpose == .paxHeader {
            guard size <= Self.longestName else { throw damaged("a name of \(size) bytes") }
            text = []
        }
        left = size
        padding = (Self.block - size % Self.block) % Self.block
        if purpose == .entry { try open(type, size: size, handle) }
        if left == 0 { try close(handle) }
    }

    private mutating func open(_ type: UInt8, size: Int, _ handle: (Event) throws -> Void) throws {
        let name = pax["path"] ?? longName ?? headerName
        longName = nil
        let isSparse = pax.keys.contains { $0.hasPrefix("GNU.sparse") } || type == UInt8(ascii: "S")
        pax = [:]
        // A name that is no UTF-8 cannot be cited.
        guard let name, let path = try ArchiveEntry.plainPath(name, in: archive) else { return }
        let kind: ArchiveEntry.Kind
        switch type {
        case _ where isSparse: kind = .other
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = name.hasSuffix("/") ? .folder : .file
        case UInt8(ascii: "1"), UInt8(ascii: "2"): kind = .link
        case UInt8(ascii: "5"): kind = .folder
        default: kind = .other
        }
        isOpen = true
        try handle(.begin(ArchiveEntry(path: path, kind: kind, size: size)))
    }

    private mutating func close(_ handle: (Event) throws -> Void) throws {
        switch purpose {
        case .entry:
            if isOpen { try handle(.end) }
            isOpen = false
        case .longName: longName = String(validating: text.prefix { $0 != 0 }, as: UTF8.self)
        case .paxHeader: try readPax()
        case .ignored: break
        }
    }

    /// Records of `<length> <name>=<value>\n`.
    private mutating func readPax() throws {
        var rest = text[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0, length <= rest.count,
                rest.startIndex + length > space + 1
            else { throw damaged("an extended header is not readable") }
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                let name = String(decoding: record[..<equals], as: UTF8.self)
                if let value = String(validating: record[(equals + 1)...], as: UTF8.self) { pax[name] = value }
            }
            rest = rest.dropFirst(length)
        }
    }

    private var headerName: String? {
        let name = header[0..<100].prefix { $0 != 0 }
        let isPOSIX = header[257..<263].elementsEqual("ustar\0".utf8)
        let prefix = isPOSIX ? header[345..<500].prefix { $0 != 0 } : []
        return String(
            validating: prefix.isEmpty ? Array(name) : Array(prefix) + [UInt8(ascii: "/")] + name, as: UTF8.self)
    }

    /// The sum of the header's bytes, with the sum's own place as spaces.
    private var hasValidChecksum: Bool {
        guard let expected = number(148..<156) else { return false }
        var sum = 8 * 32
        for (index, byte) in header.enumerated() where !(148..<156).contains(index) { sum += Int(byte) }
        return sum == expected
    }

    /// Octal digits, or bytes with the first bit set (GNU's way for large numbers).
    private func number(_ range: Range<Int>) -> Int? {
        let field = header[range]
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else { return nil }
            return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }

    private func damaged(_ why: String) -> StoreError {
        StoreError(.corrupt, "\(archive) is damaged: \(why). Upload it again.")
    }
}
