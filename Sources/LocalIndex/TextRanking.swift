/// The parameters of BM25 over the three fields of an entry.
///
/// A term's frequency is the weighted sum over the fields, saturated once (BM25F: Robertson, Zaragoza and Taylor,
/// "Simple BM25 extension to multiple weighted fields", CIKM 2004).
public struct TextRanking: Sendable, Hashable {
    /// What one occurrence in the path counts.
    public var pathWeight: Double
    /// What one occurrence in the symbol counts.
    public var symbolWeight: Double
    /// What one occurrence in the header or the text counts.
    public var bodyWeight: Double
    /// How slowly further occurrences stop counting.
    public var saturation: Double
    /// How much long entries are held back, from 0 to 1.
    public var lengthNormalization: Double
    /// How many postings a search may walk. Rare terms come first; terms that do not fit find no entries of their own,
    /// but still count in those that the others find. A search of an index that is smaller than this walks everything.
    public var postingBudget: Int

    public init(
        pathWeight: Double = 2,
        symbolWeight: Double = 3,
        bodyWeight: Double = 1,
        saturation: Double = 1.2,
        lengthNormalization: Double = 0.75,
        postingBudget: Int = 6_000
    ) {
        self.pathWeight = pathWeight
        self.symbolWeight = symbolWeight
        self.bodyWeight = bodyWeight
        self.saturation = saturation
        self.lengthNormalization = lengthNormalization
        self.postingBudget = postingBudget
    }
}
