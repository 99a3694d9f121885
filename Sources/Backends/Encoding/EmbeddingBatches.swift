/// Texts in groups that a server takes in one request.
package struct EmbeddingBatches: Sequence {
    /// What the servers that allow least take at once.
    package static let mostTexts = 32
    /// So much that a request is done in seconds also on a CPU.
    package static let mostBytes = 64 << 10

    private let texts: [String]

    package init(_ texts: [String]) { self.texts = texts }

    package func makeIterator() -> Iterator { Iterator(rest: texts[...]) }

    package struct Iterator: IteratorProtocol {
        fileprivate var rest: ArraySlice<String>

        /// The next texts in order; a text that is larger than a request may be comes alone.
        package mutating func next() -> [String]? {
            guard !rest.isEmpty else { return nil }
            var bytes = 0
            var batch: [String] = []
            while let text = rest.first, batch.count < EmbeddingBatches.mostTexts {
                bytes += text.utf8.count
                guard batch.isEmpty || bytes <= EmbeddingBatches.mostBytes else { break }
                batch.append(text)
                rest.removeFirst()
            }
            return batch
        }
    }
}
