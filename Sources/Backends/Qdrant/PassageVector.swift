/// The names of the vectors of a passage.
enum PassageVector {
    static let dense = "dense"
    static let lexical = "bm25"
    /// ``NameKeys``, each at its place: a look-up that needs no filter of its own.
    static let names = "names"
}
