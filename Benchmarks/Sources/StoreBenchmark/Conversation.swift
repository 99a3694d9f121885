import Foundation
import Hearth

/// A session of ten questions and answers of real text, the same for the same number.
struct Conversation: Sendable {
    static let turns = 10

    let session: Session
    let messages: [Message]

    /// - Parameters:
    ///   - answerBytes: the mean length of an answer; they are between half and one and a half of it.
    init(_ number: Int, from corpus: Corpus, answerBytes: Int, at date: Date) {
        var writer = Writer(corpus: corpus, answerBytes: answerBytes, seed: UInt64(number))
        let project = ProjectID(rawValue: "demo")
        let id = SessionID.next(at: date)
        var messages: [Message] = []
        for turn in 0..<Self.turns {
            let asked = date.addingTimeInterval(Double(turn) * 60)
            let correlation = CorrelationID.next(at: asked)
            messages.append(
                Message(
                    id: "\(correlation)-question", sessionID: id, projectID: project, role: .user,
                    text: writer.question(), createdAt: asked, correlationID: correlation))
            messages.append(
                Message(
                    id: "\(correlation)-answer", sessionID: id, projectID: project, role: .assistant,
                    text: writer.answer(), createdAt: asked.addingTimeInterval(0.001), correlationID: correlation))
        }
        session = Session(
            id: id, projectID: project, title: String(messages[0].text.prefix(80)), createdAt: date)
        self.messages = messages
    }

    /// Takes paragraphs and pieces of code out of the corpus, none twice.
    private struct Writer {
        let corpus: Corpus
        let answerBytes: Int
        var random: SplitMix64
        var taken: Set<Int> = []

        init(corpus: Corpus, answerBytes: Int, seed: UInt64) {
            self.corpus = corpus
            self.answerBytes = answerBytes
            random = SplitMix64(seed: seed &* 0x2545_F491_4F6C_DD1D)
        }

        /// The first sentence of a paragraph.
        mutating func question() -> String {
            let paragraph = paragraph()
            let end = paragraph.firstRange(of: ". ")?.upperBound ?? paragraph.endIndex
            return String(paragraph[..<end].prefix(300))
        }

        /// Paragraphs and fenced code in turn.
        mutating func answer() -> String {
            let target = answerBytes / 2 + Int.random(in: 0...answerBytes, using: &random)
            var text = ""
            while true {
                text += paragraph()
                if text.utf8.count >= target { return text }
                text += "\n\n```swift\n" + code(upTo: target - text.utf8.count) + "```\n\n"
                if text.utf8.count >= target { return text }
            }
        }

        private mutating func paragraph() -> String {
            while true {
                let place = Int.random(in: corpus.prose.indices, using: &random)
                if taken.insert(place).inserted { return corpus.prose[place] }
            }
        }

        /// Between 5 and 25 lines from anywhere.
        private mutating func code(upTo bytes: Int) -> String {
            while true {
                let count = Int.random(in: 5...25, using: &random)
                let first = Int.random(in: 0..<corpus.code.count - count, using: &random)
                // Negative, to be told from paragraphs; by tens, so that pieces hardly overlap.
                guard taken.insert(-1 - first / 10).inserted else { continue }
                var text = ""
                for line in corpus.code[first..<first + count] {
                    text += line + "\n"
                    if text.utf8.count >= bytes { break }
                }
                return text
            }
        }
    }
}
