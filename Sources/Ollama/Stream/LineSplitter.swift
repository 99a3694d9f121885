/// Cuts a stream of bytes into lines, wherever its packets end.
///
/// A pure value: bytes go in with ``append(_:)``, lines come out of ``next()`` without their line ends.
package struct LineSplitter {
    /// A line grew longer than the limit.
    package struct LineTooLong: Error, Hashable {
        package let limit: Int

        package init(limit: Int) { self.limit = limit }
    }

    private let limit: Int
    private var bytes: [UInt8] = []
    /// Where the first line that was not taken begins.
    private var start = 0
    /// Up to here there is no line end, so that a long line is not searched again with every packet.
    private var searched = 0

    /// - Parameter limit: the most bytes of a line.
    package init(limit: Int) { self.limit = limit }

    package mutating func append(_ more: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole line; `nil` if there is none yet.
    package mutating func next() throws(LineTooLong) -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            guard bytes.count - start <= limit else { throw LineTooLong(limit: limit) }
            return nil
        }
        guard end - start <= limit else { throw LineTooLong(limit: limit) }
        let line = trimmed(start..<end)
        start = end + 1
        searched = start
        return line
    }

    /// What stands behind the last line end when the stream is over; `nil` if nothing does.
    package mutating func rest() -> [UInt8]? {
        guard start < bytes.count else { return nil }
        let line = trimmed(start..<bytes.count)
        (bytes, start, searched) = ([], 0, 0)
        return line
    }

    private func trimmed(_ range: Range<Int>) -> [UInt8] {
        let line = bytes[range]
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
}
