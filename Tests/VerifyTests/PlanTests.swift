import Testing

@testable import Verify

@Suite("Cases of a seed")
struct PlanTests {
    @Test("the same seed gives the same plan, another one shares no name and no number with it")
    func seeds() {
        #expect(VerifyPlan(seed: 5) == VerifyPlan(seed: 5))
        let names = { (seed: UInt64) in
            Set(VerifyPlan(seed: seed).chapters.flatMap(\.cases).flatMap(\.asks).flatMap(\.gold).map(\.value))
        }
        #expect(names(5).count > 30)
        #expect(names(5).isDisjoint(with: names(6)))
    }

    @Test("leaving kinds out leaves the files and the other cases as they are")
    func kinds() {
        let all = VerifyPlan(seed: 1)
        let some = VerifyPlan(seed: 1, kinds: [.noise])
        #expect(all.chapters.map(\.changes) == some.chapters.map(\.changes))
        #expect(some.chapters.flatMap(\.cases) == all.chapters.flatMap(\.cases).filter { $0.kind == .noise })
    }

    @Test("every kind that is drawn has cases, and no two cases have one name")
    func everyKind() {
        let cases = VerifyPlan(seed: 1).chapters.flatMap(\.cases)
        #expect(Set(cases.map(\.kind)).union(CaseKind.universal) == Set(CaseKind.generated))
        #expect(Set(cases.map(\.id)).count == cases.count)
    }

    @Test("every fact stands in its file, once in the whole codebase, when it is asked for", arguments: 1...20)
    func factsAreThere(seed: UInt64) {
        var codebases: [ProjectSlot: Codebase] = [:]
        for chapter in VerifyPlan(seed: seed).chapters {
            for (slot, changes) in chapter.changes {
                for change in changes { codebases[slot, default: Codebase()].apply(change) }
            }
            for ask in chapter.cases.flatMap(\.asks) {
                guard case .open(let slot) = ask.book, let codebase = codebases[slot] else { continue }
                for fact in ask.gold {
                    #expect(codebase.line(of: fact.line, in: fact.path) != nil)
                    let holders = codebase.files.filter { AnswerText($0.value).says(fact.value) }.keys
                    #expect(Array(holders) == [fact.path])
                }
                for case .abstains in ask.expectations {
                    let name = ask.question.split(separator: "`").dropFirst().first.map(String.init) ?? ""
                    #expect(!codebase.files.values.contains { AnswerText($0).says(name) })
                }
            }
        }
    }

    @Test("the grid has every rank at every depth, in folders of as many passages as a prompt takes")
    func grid() throws {
        let chapter = try #require(VerifyPlan(seed: 1, kinds: [.depth]).chapters.first)
        var codebase = Codebase()
        for change in chapter.changes[.main] ?? [] { codebase.apply(change) }
        let cells = chapter.cases.compactMap(\.cell)
        #expect(Set(cells).count == DepthCases.ranks.count * DepthCases.depths.count)
        for item in chapter.cases {
            let (cell, ask) = (try #require(item.cell), item.asks[0])
            let (fact, folder) = (try #require(ask.gold.first), try #require(ask.folder))
            let files = codebase.files.filter { $0.key.hasPrefix(folder) }
            #expect(files.count == VerifyPlan.passageLimit)
            #expect(files.count { $0.key != fact.path && AnswerText($0.value).says(fact.name) } == cell.rank - 1)
            let line = try #require(codebase.line(of: fact.line, in: fact.path))
            let share = Double(line - 1) / Double(codebase.lines(of: fact.path).count - 1)
            #expect(Int((share * 100).rounded()) == cell.depth)
        }
    }

    @Test("a question about meaning has no word of four letters or more in common with its passage")
    func meaning() {
        let words = { (text: String) in Set(text.lowercased().split { !$0.isLetter }.filter { $0.count > 3 }) }
        for ask in VerifyPlan(seed: 1, kinds: [.meaning]).chapters.flatMap(\.cases).flatMap(\.asks) {
            for fact in ask.gold { #expect(words(ask.question).isDisjoint(with: words(fact.line))) }
        }
    }
}
