/// Where the lines of a source begin, and how many tokens each has.
struct SourceLines {
    let bytes: [UInt8]
    /// The offset of each line's first byte, and the end of the source.
    private let starts: [Int]
    /// Tokens of all lines before a line.
    private let tokensBefore: [Int]
    private let tokenCount: (Substring) -> Int

    init(_ bytes: [UInt8], tokenCount: @escaping (Substring) -> Int) {
        self.bytes = bytes
        self.tokenCount = tokenCount
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") && offset + 1 < bytes.count {
            starts.append(offset + 1)
        }
        starts.append(bytes.count)
        self.starts = starts
        var sum = 0
        var before = [0]
        before.reserveCapacity(starts.count)
        for line in 0..<(starts.count - 1) {
            let text = String(decoding: bytes[starts[line]..<starts[line + 1]], as: UTF8.self)
            sum += tokenCount(text[...])
            before.append(sum)
        }
        tokensBefore = before
    }

    var count: Int { starts.count - 1 }

    func range(of line: Int) -> Range<Int> { starts[line]..<starts[line + 1] }

    /// The line that holds the byte at `offset`.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Tokens of the text between two offsets.
    func tokens(in range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let first = line(at: range.lowerBound)
        let last = line(at: range.upperBound - 1)
        let startsLine = starts[first] == range.lowerBound
        let endsLine = starts[last + 1] == range.upperBound
        if startsLine, endsLine { return tokensBefore[last + 1] - tokensBefore[first] }
        if first == last { return count(range) }
        var sum = tokensBefore[last] - tokensBefore[first + 1]
        sum += startsLine ? tokensBefore[first + 1] - tokensBefore[first] : count(range.lowerBound..<starts[first + 1])
        sum += endsLine ? tokensBefore[last + 1] - tokensBefore[last] : count(starts[last]..<range.upperBound)
        return sum
    }

    /// The start of the line of `offset`, if nothing but blanks is between the two; else `offset`.
    func lineStart(before offset: Int) -> Int {
        let start = starts[line(at: min(offset, max(0, bytes.count - 1)))]
        return bytes[start..<offset].allSatisfy { $0 == 0x20 || $0 == 0x09 } ? start : offset
    }

    /// Whether nothing but blanks is before `offset` on its line.
    func beginsLine(_ offset: Int) -> Bool { lineStart(before: offset) == starts[line(at: offset)] }

    func isBlank(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 <= 0x20 } }

    /// The lines from the first to the last byte that is not blank, 1-based.
    func lineNumbers(of range: Range<Int>) -> ClosedRange<Int> {
        let first = bytes[range].firstIndex { $0 > 0x20 } ?? range.lowerBound
        let last = bytes[range].lastIndex { $0 > 0x20 } ?? range.lowerBound
        return (line(at: first) + 1)...(line(at: last) + 1)
    }

    private func count(_ range: Range<Int>) -> Int {
        tokenCount(String(decoding: bytes[range], as: UTF8.self)[...])
    }
}
