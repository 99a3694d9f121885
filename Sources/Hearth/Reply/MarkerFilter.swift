/// Checks the `[n]` markers of an answer while it is being written.
///
/// A marker that names no passage is taken out and counted, with the blank before it. `[1, 9]` keeps its valid
/// numbers. Code is left alone: between backticks, `rows[7]` is an expression and no citation. Everything else passes
/// through as soon as it cannot be the beginning of a marker any more.
public struct MarkerFilter: Sendable {
    private let passageCount: Int
    private var held: [UInt8] = []
    private var backticks = 0
    private var codeFence = 0
    /// The numbers cited so far, in the order of first mention.
    public private(set) var cited: [Int] = []
    public private(set) var removed = 0

    /// - Parameter passageCount: the prompt's passages have the numbers 1…`passageCount`.
    public init(passageCount: Int) { self.passageCount = passageCount }

    /// The text that may be shown now.
    public mutating func push(_ text: String) -> String {
        var shown: [UInt8] = []
        for byte in text.utf8 { take(byte, into: &shown) }
        return String(decoding: shown, as: UTF8.self)
    }

    /// What was held back when the answer ended.
    public mutating func finish() -> String {
        closeBackticks()
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8, into shown: inout [UInt8]) {
        if byte != UInt8(ascii: "`") { closeBackticks() }
        switch byte {
        case UInt8(ascii: "`"):
            release(into: &shown)
            backticks += 1
            shown.append(byte)
        case UInt8(ascii: "\n"):
            release(into: &shown)
            // An inline span that was never closed must not hide the rest of the answer.
            if codeFence < 3 { codeFence = 0 }
            shown.append(byte)
        case _ where codeFence > 0:
            shown.append(byte)
        case UInt8(ascii: " ") where held.last == UInt8(ascii: ","):
            // A blank inside a list of numbers belongs to the marker.
            held.append(byte)
        case UInt8(ascii: " "):
            release(into: &shown)
            held = [byte]
        case UInt8(ascii: "["):
            if held != [UInt8(ascii: " ")] { release(into: &shown) }
            held.append(byte)
        case UInt8(ascii: "]") where isMarkerBody:
            settleMarker(into: &shown)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","):
            if held.contains(UInt8(ascii: "[")), held.count < 40 {
                held.append(byte)
            } else {
                release(into: &shown)
                shown.append(byte)
            }
        default:
            release(into: &shown)
            shown.append(byte)
        }
    }

    private var isMarkerBody: Bool {
        guard let open = held.firstIndex(of: UInt8(ascii: "[")), let last = held.last else { return false }
        return open < held.count - 1 && last != UInt8(ascii: ",") && last != UInt8(ascii: " ")
    }

    private mutating func release(into shown: inout [UInt8]) {
        shown.append(contentsOf: held)
        held = []
    }

    private mutating func settleMarker(into shown: inout [UInt8]) {
        let open = held.firstIndex(of: UInt8(ascii: "[")) ?? 0
        let body = String(decoding: held[(open + 1)...], as: UTF8.self)
        let numbers = body.split(whereSeparator: { $0 == "," || $0 == " " }).map { Int($0) ?? 0 }
        let valid = numbers.filter { (1...max(passageCount, 1)).contains($0) && passageCount > 0 }
        removed += numbers.count - valid.count
        for number in valid where !cited.contains(number) { cited.append(number) }
        if !valid.isEmpty {
            shown.append(contentsOf: held[..<open])
            shown.append(contentsOf: "[\(valid.map(String.init).joined(separator: ", "))]".utf8)
        }
        held = []
    }

    /// A run of backticks opens a span of that length, or closes the one that is open.
    private mutating func closeBackticks() {
        guard backticks > 0 else { return }
        if codeFence == 0 {
            codeFence = backticks
        } else if codeFence == backticks || (codeFence >= 3 && backticks > codeFence) {
            codeFence = 0
        }
        backticks = 0
    }
}
