import Testing

@testable import Hearth

@Suite("Interest in another index's vectors")
struct SharedInterestTests {
    @Test("an index that helps now and then is asked each time")
    func helps() {
        var interest = SharedInterest()
        for number in 0..<200 {
            let isAsked = interest.asks()
            #expect(isAsked)
            interest.note(helped: number % SharedInterest.patience == 0)
        }
    }

    @Test("one that never helps is asked ever more seldom, but not never")
    func neverHelps() {
        var interest = SharedInterest()
        var asked: [Int] = []
        for number in 0..<1_000 where interest.asks() {
            asked.append(number)
            interest.note(helped: false)
        }
        #expect(Array(asked.prefix(SharedInterest.patience)) == Array(0..<SharedInterest.patience))
        let pauses = zip(asked.dropFirst(), asked).map { $0 - $1 - 1 }
        #expect(pauses == pauses.sorted())
        #expect(pauses.last == SharedInterest.longestPause)
    }

    @Test("once it helps again it is asked each time again")
    func returns() {
        var interest = SharedInterest()
        for _ in 0..<200 where interest.asks() { interest.note(helped: false) }
        while !interest.asks() {}
        interest.note(helped: true)
        let isAsked = interest.asks()
        interest.note(helped: false)
        let isAskedAgain = interest.asks()
        #expect(isAsked && isAskedAgain)
    }
}
