/// Finds keys, tokens and passwords in source and covers them before anything is embedded or stored.
///
/// Each byte of a secret becomes `*`; line breaks stay, so that every offset and line number holds.
/// Known token shapes are covered wherever they stand; a quoted value is covered where it is assigned to a name
/// that says `password`, `secret`, `token` or `api key` and looks random.
public enum SecretMask {
    private struct Shape: Sendable {
        let prefix: [UInt8]
        let body: @Sendable (UInt8) -> Bool
        let lengths: ClosedRange<Int>

        init(_ prefix: String, _ lengths: ClosedRange<Int>, _ body: @escaping @Sendable (UInt8) -> Bool) {
            self.prefix = Array(prefix.utf8)
            self.lengths = lengths
            self.body = body
        }
    }

    private static let shapes: [Shape] = [
        Shape("AKIA", 16...16, isUpperOrDigit), Shape("ASIA", 16...16, isUpperOrDigit),
        Shape("ghp_", 30...255, isWord), Shape("gho_", 30...255, isWord), Shape("ghu_", 30...255, isWord),
        Shape("ghs_", 30...255, isWord), Shape("ghr_", 30...255, isWord), Shape("github_pat_", 30...255, isWord),
        Shape("glpat-", 20...64, isToken), Shape("xoxb-", 20...255, isToken), Shape("xoxp-", 20...255, isToken),
        Shape("xoxa-", 20...255, isToken), Shape("xoxr-", 20...255, isToken), Shape("xoxs-", 20...255, isToken),
        Shape("AIza", 35...35, isToken), Shape("sk_live_", 16...255, isWord), Shape("rk_live_", 16...255, isWord),
        Shape("sk-ant-", 24...255, isToken), Shape("sk-proj-", 24...255, isToken), Shape("sk-", 40...255, isToken),
        Shape("npm_", 36...36, isWord), Shape("pypi-AgEI", 50...400, isToken), Shape("hf_", 30...60, isWord),
        Shape("dop_v1_", 64...64, isWord), Shape("SG.", 40...120, isJWT), Shape("hk_", 40...128, isWord),
        Shape("eyJ", 60...8_000, isJWT),
    ]
    private static let shapesByFirstByte = Dictionary(grouping: shapes) { $0.prefix.first ?? 0 }
    private static let names = ["password", "passwd", "secret", "token", "apikey", "api_key", "api-key", "access_key"]

    /// Covers the secrets in place and returns how many there were.
    public static func mask(_ bytes: inout [UInt8]) -> Int {
        maskPEM(&bytes) + maskShapes(&bytes) + maskAssignments(&bytes)
    }

    private static func maskPEM(_ bytes: inout [UInt8]) -> Int {
        let begin = Array("-----BEGIN ".utf8)
        let end = Array("-----END ".utf8)
        var count = 0
        var offset = 0
        while let start = bytes.firstRange(of: begin, from: offset) {
            offset = start.upperBound
            let title = bytes[start.upperBound...].prefix { $0 != UInt8(ascii: "\n") }.prefix(60)
            guard title.firstRange(of: Array("PRIVATE KEY-----".utf8), from: title.startIndex) != nil else { continue }
            let body = start.upperBound + title.count
            let stop = bytes.firstRange(of: end, from: body)?.lowerBound ?? min(bytes.count, body + 8_192)
            count += 1
            cover(&bytes, body..<stop)
            offset = stop
        }
        return count
    }

    private static func maskShapes(_ bytes: inout [UInt8]) -> Int {
        var count = 0
        var offset = 0
        while offset < bytes.count {
            guard let candidates = shapesByFirstByte[bytes[offset]], offset == 0 || !isWord(bytes[offset - 1]) else {
                offset += 1
                continue
            }
            var found: Int?
            for shape in candidates where found == nil { found = match(shape, bytes, at: offset) }
            guard let end = found else {
                offset += 1
                continue
            }
            count += 1
            cover(&bytes, offset..<end)
            offset = end
        }
        return count
    }

    private static func match(_ shape: Shape, _ bytes: [UInt8], at offset: Int) -> Int? {
        guard bytes[offset...].starts(with: shape.prefix) else { return nil }
        let start = offset + shape.prefix.count
        var end = start
        while end < bytes.count, end - start <= shape.lengths.upperBound, shape.body(bytes[end]) { end += 1 }
        guard shape.lengths.contains(end - start), mixesClasses(bytes[start..<end]) else { return nil }
        return end
    }

    private static func maskAssignments(_ bytes: inout [UInt8]) -> Int {
        var count = 0
        var lineStart = 0
        while lineStart < bytes.count {
            let lineEnd = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if lineEnd - lineStart < 1_000, let value = assignedSecret(bytes[lineStart..<lineEnd]) {
                count += 1
                cover(&bytes, value)
            }
            lineStart = lineEnd + 1
        }
        return count
    }

    /// The quoted value of `name = "value"` or `name: "value"`, if the name says that it is secret.
    private static func assignedSecret(_ line: ArraySlice<UInt8>) -> Range<Int>? {
        guard let open = line.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }),
            line[..<open].contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") })
        else { return quotedNameSecret(line) }
        return secret(line, name: line[..<open], open: open)
    }

    /// JSON's form: `"name": "value"`.
    private static func quotedNameSecret(_ line: ArraySlice<UInt8>) -> Range<Int>? {
        let quotes = line.indices.filter { line[$0] == UInt8(ascii: "\"") }
        guard quotes.count >= 4, line[quotes[1]..<quotes[2]].contains(UInt8(ascii: ":")) else { return nil }
        return secret(line, name: line[quotes[0]..<quotes[1]], open: quotes[2])
    }

    private static func secret(_ line: ArraySlice<UInt8>, name: ArraySlice<UInt8>, open: Int) -> Range<Int>? {
        let lowered = String(decoding: name, as: UTF8.self).lowercased()
        guard names.contains(where: lowered.contains),
            let close = line[(open + 1)...].firstIndex(of: line[open]), close - open > 12,
            line[(open + 1)..<close].allSatisfy({ $0 > UInt8(ascii: " ") && $0 < 0x7F }),
            isRandom(line[(open + 1)..<close])
        else { return nil }
        return (open + 1)..<close
    }

    /// Words and paths have letters only, or few different bytes; secrets mix classes.
    private static func isRandom(_ value: ArraySlice<UInt8>) -> Bool {
        mixesClasses(value) && Set(value).count >= 8 && !value.contains(UInt8(ascii: "$"))
            && !value.contains(UInt8(ascii: "{"))
    }

    private static func mixesClasses(_ value: ArraySlice<UInt8>) -> Bool {
        let digits = value.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let upper = value.count { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let lower = value.count { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return digits > 0 && upper + lower > 0
    }

    private static func cover(_ bytes: inout [UInt8], _ range: Range<Int>) {
        for offset in range where bytes[offset] != UInt8(ascii: "\n") && bytes[offset] != UInt8(ascii: "\r") {
            bytes[offset] = UInt8(ascii: "*")
        }
    }

    @Sendable private static func isUpperOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    @Sendable private static func isWord(_ byte: UInt8) -> Bool {
        isUpperOrDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
    }

    @Sendable private static func isToken(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }
    @Sendable private static func isJWT(_ byte: UInt8) -> Bool { isToken(byte) || byte == UInt8(ascii: ".") }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// The first place of `pattern` at or after `start`.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        var offset = start
        while offset + pattern.count <= endIndex {
            guard let candidate = self[offset...].firstIndex(of: first), candidate + pattern.count <= endIndex else {
                return nil
            }
            if self[candidate..<(candidate + pattern.count)].elementsEqual(pattern) {
                return candidate..<(candidate + pattern.count)
            }
            offset = candidate + 1
        }
        return nil
    }
}
