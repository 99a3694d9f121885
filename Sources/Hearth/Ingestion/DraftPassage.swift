/// A passage that has no vector yet.
struct DraftPassage {
    let passage: Passage
    let name: PassageName
    /// ``NameKeys`` of what is declared in it.
    let nameKeys: [String]

    func indexed(_ vector: [Float]?) -> IndexedPassage {
        IndexedPassage(passage: passage, vector: vector, nameKeys: nameKeys)
    }
}
