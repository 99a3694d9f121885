import FoundationEssentials
import Testing

@testable import Verify

@Suite("Reports of verifications")
struct ReportTests {
    @Test("Wilson's interval has the published values and never ends at a point")
    func wilson() {
        let half = WilsonInterval(passed: 5, of: 10)
        #expect((half.low, half.high) == (0.2366, 0.7634))
        #expect(WilsonInterval(passed: 10, of: 10).low == 0.7225)
        #expect(WilsonInterval(passed: 0, of: 10).high == 0.2775)
        #expect(WilsonInterval(passed: 0, of: 0).high == 1)
    }

    @Test("a run is green if every kind reaches its threshold and everything was honoured")
    func verdict() throws {
        let failed = Fixture.result("b", failures: [CheckFailure("is so", "it is not", stage: .generation)])
        let cases = [Fixture.result("a"), failed]
        #expect(!Fixture.report(cases).passed)
        #expect(!Fixture.report([Fixture.result("a")], faults: ["no"]).passed)
        #expect(!Fixture.report([]).passed)
        var report = Fixture.report(cases)
        let half = try JSONDecoder().decode(VerifyThresholds.self, from: Data(#"{"kinds": {"canary": 0.5}}"#.utf8))
        report.kinds = VerifyReport.verdicts(cases, half)
        #expect(report.passed)
        #expect(report.kinds.first?.stages == ["generation": 1])
    }

    @Test("thresholds of kinds that there are not, and shares above 1, are refused")
    func thresholds() {
        for text in [#"{"kinds": {"canari": 1}}"#, #"{"default": 2}"#, #"{"kinds": {"canary": -1}}"#] {
            #expect(throws: (any Error).self) { try JSONDecoder().decode(VerifyThresholds.self, from: Data(text.utf8)) }
        }
    }

    @Test("a report is the same after it was written and read")
    func roundTrip() throws {
        let report = Fixture.report(
            [Fixture.result("a"), Fixture.result("b", .depth, cell: GridCell(rank: 1, depth: 0))], faults: ["f"])
        #expect(try JSONDecoder().decode(VerifyReport.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test("cases with a place are a grid, and its heat map says where each stood")
    func grid() throws {
        #expect(Fixture.report([Fixture.result("a")]).grid == nil)
        let failure = CheckFailure("is so", "it is not", stage: .generation)
        let report = Fixture.report([
            Fixture.result("a"), Fixture.result("depth/b", .depth, cell: GridCell(rank: 4, depth: 100)),
            Fixture.result("depth/<c>", .depth, cell: GridCell(rank: 1, depth: 100), failures: [failure]),
        ])
        let grid = try #require(report.grid)
        #expect((grid.ranks, grid.depths) == ([1, 4], [100]))
        #expect(grid.places.map(\.passed) == [true, false])
        #expect(grid.places.map(\.stoodAt) == [1, 1])
        let page = HTMLReport(report).text
        for said in ["rank 4", "100 % down", "at 1", "depth/&lt;c&gt;"] { #expect(page.contains(said)) }
        #expect(page.ranges(of: "<rect").count == 2)
    }

    @Test("a report of before that knew neither grid nor context is read")
    func before() throws {
        let report = Fixture.report([Fixture.result("a")])
        let text = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!text.contains("grid") && !text.contains("contextLength"))
        #expect(try JSONDecoder().decode(VerifyReport.self, from: Data(text.utf8)) == report)
    }

    @Test("a comparison names what broke and what was mended")
    func comparison() throws {
        let failure = CheckFailure("is so", "it is not", stage: .generation)
        let before = Fixture.report([
            Fixture.result("a"), Fixture.result("b", failures: [failure]), Fixture.result("x"),
        ])
        let now = Fixture.report([Fixture.result("a", failures: [failure]), Fixture.result("b")])
        let comparison = try VerifyComparison(before: before, now: now)
        #expect((comparison.broken, comparison.mended, comparison.common) == (["a"], ["b"], 2))
        #expect(throws: VerifyError.self) {
            try VerifyComparison(before: before, now: Fixture.report([Fixture.result("z")]))
        }
    }

    @Test("what an answer says is text in JUnit and HTML, whatever it is")
    func markup() {
        let failure = CheckFailure("is <so>", "\u{1}]]></failure><script>", stage: .retrieval)
        let report = Fixture.report([Fixture.result("a", failures: [failure])], faults: ["<f>"])
        for text in [JUnitReport(report).text, HTMLReport(report).text] {
            #expect(!text.contains("<script>"))
            #expect(!text.contains("\u{1}"))
            #expect(text.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
            #expect(text.contains("&lt;f&gt;"))
        }
    }
}
