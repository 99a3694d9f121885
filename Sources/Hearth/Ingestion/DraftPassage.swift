/// A passage that has no vector yet.
struct DraftPassage {
    let passage: Passage
    let name: PassageName
    /// ``NameKeys`` of what is declared in it.
    let nameKeys: [String]

    func embedded(_ vector: [Float]) -> EmbeddedPassage {
        EmbeddedPassage(passage: passage, vector: vector, nameKeys: nameKeys)
    }
}
