import FoundationEssentials

/// What a notification of an object store says, in the shapes of Ceph and of AWS: records, alone or in SNS's envelope, and
/// EventBridge's events.
///
/// It is a hint and no more: it may come twice, late, out of order or never. So neither order nor ETag are read.
struct ObjectEvents: Hashable, Sendable {
    struct Event: Hashable, Sendable {
        let bucket: String
        let key: String
    }

    /// Those that say that an object came, changed or went.
    let events: [Event]
    /// What the topic was made with, where all records carry the same.
    let opaqueData: String?

    /// - Throws: ``Malformed``.
    init(_ body: Data) throws(Malformed) {
        try self.init(body, depth: 0)
    }

    struct Malformed: Error {}

    private struct Shape: Decodable {
        let records: [Record]?
        let type: String?
        let message: String?
        let event: String?
        let detailType: String?
        let detail: Detail?

        enum CodingKeys: String, CodingKey {
            case records = "Records"
            case type = "Type"
            case message = "Message"
            case event = "Event"
            case detailType = "detail-type"
            case detail
        }
    }

    private struct Named: Decodable { let name: String }
    private struct Keyed: Decodable { let key: String }

    private struct Detail: Decodable {
        let bucket: Named
        let object: Keyed
    }

    private struct Record: Decodable {
        let eventSource: String
        let eventName: String
        let s3: Detail
        let opaqueData: String?
    }

    private init(_ body: Data, depth: Int) throws(Malformed) {
        guard let shape = try? JSONDecoder().decode(Shape.self, from: body) else { throw Malformed() }
        if let records = shape.records {
            var events: [Event] = []
            for record in records where Self.isMeant(record.eventName) {
                // Ceph sends keys as they are, AWS and its other imitators encoded as in a form.
                let isPlain = record.eventSource.hasPrefix("ceph")
                guard let key = isPlain ? record.s3.object.key : Self.decoded(record.s3.object.key) else {
                    throw Malformed()
                }
                events.append(Event(bucket: record.s3.bucket.name, key: key))
            }
            self.events = events
            let opaque = Set(records.map(\.opaqueData))
            opaqueData = opaque.count == 1 ? opaque.first ?? nil : nil
        } else if shape.type == "Notification", let message = shape.message, depth == 0 {
            self = try ObjectEvents(Data(message.utf8), depth: 1)
        } else if let type = shape.detailType, let detail = shape.detail {
            let isMeant = ["Object Created", "Object Deleted", "Object Restore Completed"].contains(type)
            events = isMeant ? [Event(bucket: detail.bucket.name, key: detail.object.key)] : []
            opaqueData = nil
        } else if shape.event == "s3:TestEvent" {
            // AWS sends it when a notification is set up.
            events = []
            opaqueData = nil
        } else {
            throw Malformed()
        }
    }

    private static func isMeant(_ name: String) -> Bool {
        let name = name.hasPrefix("s3:") ? name.dropFirst(3) : name[...]
        return [
            "ObjectCreated", "ObjectRemoved", "ObjectRestore", "ObjectLifecycle", "ObjectSynced", "LifecycleExpiration",
        ]
        .contains { name.hasPrefix($0) }
    }

    private static func decoded(_ key: String) -> String? {
        let text = PercentText.decoded(key.replacing("+", with: " "))
        // Bytes that are no UTF-8 cannot be cited, and so are in no project.
        return text.unicodeScalars.contains("\u{FFFD}") && !key.contains("%EF%BF%BD") ? nil : text
    }
}
