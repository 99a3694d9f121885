/// Points from a place in an answer to its source.
public struct Annotation: Hashable, Sendable, Codable {
    /// A place that the text refers to.
    public struct URLCitation: Hashable, Sendable, Codable {
        /// Offsets into the answer in Unicode scalars, the end not included.
        public var startIndex: Int
        public var endIndex: Int
        public var title: String
        public var url: String

        public init(startIndex: Int, endIndex: Int, title: String, url: String) {
            self.startIndex = startIndex
            self.endIndex = endIndex
            self.title = title
            self.url = url
        }

        enum CodingKeys: String, CodingKey {
            case title, url
            case startIndex = "start_index"
            case endIndex = "end_index"
        }
    }

    /// Always `url_citation`.
    public var type: String
    public var urlCitation: URLCitation

    public init(_ citation: URLCitation) {
        type = "url_citation"
        urlCitation = citation
    }

    enum CodingKeys: String, CodingKey {
        case type
        case urlCitation = "url_citation"
    }
}
