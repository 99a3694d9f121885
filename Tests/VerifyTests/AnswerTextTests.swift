import Testing

@testable import Verify

@Suite("What an answer says")
struct AnswerTextTests {
    @Test("numbers count whole, grouped or not, and never as a part of another one")
    func wholeNumbers() {
        let answer = AnswerText("It is 4,817,223 [1], not 94817223 and no x4817224.")
        #expect(answer.says("4817223"))
        #expect(!answer.says("817223"))
        #expect(!answer.says("4817224"))
        #expect(AnswerText("`a_limit = 4_817_223`").says("4817223"))
        #expect(!AnswerText("[1], 223").says("1223"))
    }

    @Test("words count whole")
    func wholeWords() {
        #expect(AnswerText("MORVIKAL.").says("MORVIKAL"))
        #expect(!AnswerText("MORVIKAL_2").says("MORVIKAL"))
        #expect(!AnswerText("").says(""))
    }
}
