/// Finds the `[n]` markers of a finished answer.
package enum MarkerScan {
    package struct Marker: Hashable {
        /// The passages that the marker names.
        package let numbers: [Int]
        /// Offsets in Unicode scalars.
        package let range: Range<Int>
    }

    /// Markers in their order; what stands between backticks is code and holds none.
    package static func markers(in text: String) -> [Marker] {
        let scalars = Array(text.unicodeScalars)
        var markers: [Marker] = []
        var index = 0
        var fence = 0
        while index < scalars.count {
            switch scalars[index] {
            case "`":
                let end = scalars[index...].firstIndex { $0 != "`" } ?? scalars.count
                let run = end - index
                if fence == 0 { fence = run } else if run == fence || (fence >= 3 && run > fence) { fence = 0 }
                index = end
            case "\n":
                if fence < 3 { fence = 0 }
                index += 1
            case "[" where fence == 0:
                if let marker = marker(scalars, at: index) {
                    markers.append(marker)
                    index = marker.range.upperBound
                } else {
                    index += 1
                }
            default:
                index += 1
            }
        }
        return markers
    }

    private static func marker(_ scalars: [Unicode.Scalar], at start: Int) -> Marker? {
        guard let end = scalars[start...].prefix(42).firstIndex(of: "]") else { return nil }
        var body = String.UnicodeScalarView()
        body.append(contentsOf: scalars[(start + 1)..<end])
        let parts = String(body).split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.map { Int(String($0).trimmingWhitespace()) }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 != nil }) else { return nil }
        return Marker(numbers: numbers.compactMap(\.self), range: start..<(end + 1))
    }
}
