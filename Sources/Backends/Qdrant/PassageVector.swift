/// The names of the vectors of a passage.
enum PassageVector {
    static let dense = "dense"
    static let lexical = "bm25"
}
