/// One page of a listing.
public struct S3ListPage: Hashable, Sendable {
    /// In the order of the keys' bytes.
    public let objects: [S3ObjectSummary]
    /// With a delimiter: what the keys have in common up to it.
    public let commonPrefixes: [String]
    /// Asks for the next page; `nil` on the last.
    public let continuation: String?
}

extension S3ListPage {
    /// - Throws: ``S3Error`` `malformedReply`: a page that is not understood is never taken for an empty one.
    init(_ document: XMLElement, of name: String) throws(S3Error) {
        func fault(_ what: String) -> S3Error {
            S3Error(.malformedReply, "\(name): \(what) in the listing. Is this an S3 server?")
        }
        let isEncoded = document.text(of: "EncodingType") == "url"
        func decoded(_ text: String) throws(S3Error) -> String {
            guard isEncoded else { return text }
            guard let plain = PercentEncoding.decodeForm(text) else { throw fault("a key that is no UTF-8") }
            return plain
        }
        var objects: [S3ObjectSummary] = []
        for content in document.all("Contents") {
            guard let key = content.text(of: "Key"), let etag = content.text(of: "ETag"),
                let size = content.text(of: "Size").flatMap({ Int($0) })
            else { throw fault("an object without key, size or ETag") }
            objects.append(
                S3ObjectSummary(
                    key: try decoded(key), size: size, etag: S3ETag.unquoted(etag),
                    lastModified: content.text(of: "LastModified").flatMap(S3Timestamp.init(iso:))))
        }
        var prefixes: [String] = []
        for prefix in document.all("CommonPrefixes") {
            guard let text = prefix.text(of: "Prefix") else { throw fault("a common prefix without text") }
            prefixes.append(try decoded(text))
        }
        let token = document.text(of: "NextContinuationToken").flatMap { $0.isEmpty ? nil : $0 }
        switch document.text(of: "IsTruncated") {
        case "true":
            guard let token else { throw fault("no way to the next page") }
            continuation = token
        case "false": continuation = nil
        default: throw fault("no word about its end")
        }
        self.objects = objects
        commonPrefixes = prefixes
    }
}
