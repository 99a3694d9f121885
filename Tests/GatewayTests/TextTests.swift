import CoreMetrics
import FoundationEssentials
import Gateway
import Hearth
import HearthTesting
import Metrics
import Testing

@Suite("Text")
struct TextTests {
    @Test("what is written as JSON by hand is read back the same, on one line", arguments: 0..<300)
    func json(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var text = ""
        for _ in 0..<random.next(below: 60) {
            let limit: UInt32 = [0x80, 0x100, 0x2100, 0x11_0000][random.next(below: 4)]
            if let scalar = Unicode.Scalar(UInt32(random.next() % UInt64(limit))) { text.unicodeScalars.append(scalar) }
        }
        var bytes: [UInt8] = []
        JSONText.append(text, to: &bytes)
        let read = try JSONDecoder().decode(
            [String].self, from: Data([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]))
        #expect(Array(read[0].unicodeScalars) == Array(text.unicodeScalars))
        let breaks: Set<Unicode.Scalar> = [
            "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
        ]
        #expect(!String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { breaks.contains($0) })
    }

    @Test("markers are found with their places, and not in code")
    func markers() {
        let text = "ü🔥 [1], `a[2]` and [2, 3].\n```\nx[1]\n```\n[x] [] [1,] [4"
        let markers = MarkerScan.markers(in: text)
        #expect(markers.map(\.numbers) == [[1], [2, 3]])
        #expect(markers.first?.range == 3..<6)
        let scalars = Array(text.unicodeScalars)
        #expect(markers.map { String(String.UnicodeScalarView(scalars[$0.range])) } == ["[1]", "[2, 3]"])
        #expect(MarkerScan.markers(in: "an open ` span\n[1]").count == 1)
    }

    @Test("percent-encoding is undone, and what is broken stays")
    func percent() {
        let text = "docs/mail ü%.md#?"
        #expect(PercentText.encoded(text, keeping: "/") == "docs/mail%20%C3%BC%25.md%23%3F")
        #expect(PercentText.decoded(PercentText.encoded(text)) == text)
        #expect(PercentText.decoded("%2") == "%2" && PercentText.decoded("%+1%zz") == "%+1%zz")
    }

    @Test("metrics have types, buckets that add up, escaped labels, and no more series than the bound")
    func metrics() {
        let metrics = PrometheusMetrics()
        let timer = Metrics.Timer(label: "work.time", dimensions: [("name", "a\"b\\\n")], factory: metrics)
        for milliseconds in [1, 20, 700_000] { timer.recordMilliseconds(milliseconds) }
        for number in 0..<2000 {
            Counter(label: "asks", dimensions: [("who", "\(number)")], factory: metrics).increment()
        }
        Recorder(label: "sizes", factory: metrics).record(3)
        let lines = metrics.text().split(separator: "\n").map(String.init)
        #expect(lines.contains("# TYPE work_time_seconds histogram"))
        #expect(lines.contains(#"work_time_seconds_bucket{name="a\"b\\\n",le="0.025"} 2"#))
        #expect(lines.contains(#"work_time_seconds_bucket{name="a\"b\\\n",le="+Inf"} 3"#))
        #expect(lines.contains(#"work_time_seconds_count{name="a\"b\\\n"} 3"#))
        #expect(lines.count { $0.hasPrefix("asks_total{") } == 501)
        #expect(lines.contains(#"asks_total{overflow="true"} 1500"#))
        #expect(lines.contains("sizes_count 1"))
    }
}
