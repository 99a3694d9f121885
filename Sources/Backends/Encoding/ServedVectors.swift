import Hearth

/// Vectors that a server sent, checked before anybody believes them.
struct ServedVectors {
    let dimension: Int
    /// The server, for people.
    let server: String

    /// The vectors, each of length 1.
    ///
    /// - Throws: ``EncoderError`` for another number of vectors or of their numbers, and for one that points nowhere.
    func checked(_ vectors: [[Float]], count: Int) throws(EncoderError) -> [[Float]] {
        guard vectors.count == count else {
            throw EncoderError(
                .refused, "\(server) sent \(vectors.count) vectors for \(count) texts. It is no encoder that works.")
        }
        var checked: [[Float]] = []
        checked.reserveCapacity(count)
        for vector in vectors {
            guard vector.count == dimension else {
                throw EncoderError(
                    .dimensionMismatch,
                    "\(server) sent a vector of \(vector.count) numbers, but \(dimension) were agreed. "
                        + "Choose the encoder anew if its model was replaced.")
            }
            let square = vector.reduce(0) { $0 + Double($1) * Double($1) }
            guard square.isFinite, square > 0 else {
                throw EncoderError(.refused, "\(server) sent a vector that points nowhere. Its log may say why.")
            }
            let length = Float(square.squareRoot())
            checked.append(abs(square - 1) < 1e-6 ? vector : vector.map { $0 / length })
        }
        return checked
    }
}
