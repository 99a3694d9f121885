import Hearth
import HearthTesting
import Testing

@Suite("Citation markers")
struct MarkerFilterTests {
    private func filter(_ pieces: [String], passages: Int = 3) -> (text: String, cited: [Int], removed: Int) {
        var filter = MarkerFilter(passageCount: passages)
        let text = pieces.map { filter.push($0) }.joined() + filter.finish()
        return (text, filter.cited, filter.removed)
    }

    @Test(
        "a marker that names no passage is taken out with the blank before it",
        arguments: [
            ("It waits [4].", "It waits.", 1), ("It waits [0] twice [99].", "It waits twice.", 2),
            ("Both [1, 9] say so", "Both [1] say so", 1), ("None [7,8]", "None", 2),
        ])
    func removesInvalid(text: String, expected: String, removed: Int) {
        let result = filter([text])
        #expect(result.text == expected)
        #expect(result.removed == removed)
    }

    @Test("valid markers stay and are remembered in the order of first mention")
    func keepsValid() {
        let result = filter(["A [2] b [1][2] c[3]."])
        #expect(result.text == "A [2] b [1][2] c[3].")
        #expect(result.cited == [2, 1, 3])
        #expect(result.removed == 0)
    }

    @Test(
        "code is left alone",
        arguments: [
            "`rows[7]` stays", "```swift\nrows[7] = x[9]\n```\nend", "``a ` b[8]`` stays",
            "list [a] and [link](url) stay",
            "[] and [ ] and [1a] stay",
        ])
    func leavesCode(text: String) {
        let result = filter([text])
        #expect(result.text == text)
        #expect(result.removed == 0)
    }

    @Test("an inline span that is never closed ends with its line")
    func unclosedSpan() {
        #expect(filter(["a ` b\nc [9]"]).text == "a ` b\nc")
    }

    @Test("without passages every marker is invalid")
    func noPassages() {
        #expect(filter(["x [1]"], passages: 0).text == "x")
    }

    @Test("the result does not depend on how the text is cut into pieces")
    func anyCut() {
        var random = SplitMix64(seed: 7)
        let alphabet = ["[", "]", "1", "2", "9", ",", " ", "`", "```", "\n", "a", "é", "[1]", "[12]", " [3, 4]"]
        for _ in 0..<500 {
            let text = (0..<24).map { _ in alphabet[random.next(below: alphabet.count)] }.joined()
            let whole = filter([text])
            let characters = text.unicodeScalars.map { String($0) }
            let cut = filter(characters)
            #expect(whole == cut, "\(text.debugDescription)")
        }
    }
}
