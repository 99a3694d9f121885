/// A part of what a filter lets through, in the order of ids.
public struct QdrantPage<Payload: Decodable & Sendable>: Sendable, Decodable {
    public let records: [QdrantRecord<Payload>]
    /// Where the next page begins; `nil` after the last.
    public let next: QdrantPointID?

    private enum CodingKeys: String, CodingKey {
        case records = "points"
        case next = "next_page_offset"
    }
}
