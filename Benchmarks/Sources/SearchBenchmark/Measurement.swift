import Glibc

/// Durations of one operation, in milliseconds.
struct Measurement {
    private var durations: [Double] = []

    mutating func measure<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        let result = try await body()
        let duration = start.duration(to: .now).components
        durations.append(Double(duration.seconds) * 1e3 + Double(duration.attoseconds) / 1e15)
        return result
    }

    func percentile(_ share: Double) -> Double {
        let sorted = durations.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var summary: String {
        [0.5, 0.9, 0.99].map { "p\(Int($0 * 100)) \(milliseconds(percentile($0)))" }.joined(separator: "  ")
    }

    private func milliseconds(_ value: Double) -> String {
        "\((value * 100).rounded() / 100) ms"
    }
}

/// Memory of this process, in megabytes: all of it, and what is not backed by files.
func residentMegabytes() -> (all: Int, anonymous: Int) {
    guard let file = fopen("/proc/self/status", "r") else { return (0, 0) }
    defer { fclose(file) }
    var all = 0
    var anonymous = 0
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let number = Int(text.filter(\.isNumber)) ?? 0
        if text.hasPrefix("VmRSS:") { all = number / 1024 }
        if text.hasPrefix("RssAnon:") { anonymous = number / 1024 }
    }
    return (all, anonymous)
}
