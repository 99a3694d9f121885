/// The full name of a topic: `persistent://tenant/namespace/name`.
///
/// A short name is one of the default tenant and namespace, `public/default`; `tenant/namespace/name` is persistent.
public struct TopicName: Hashable, Sendable, CustomStringConvertible {
    /// Whether the broker stores the messages.
    public enum Domain: String, Sendable {
        case persistent
        case nonPersistent = "non-persistent"
    }

    public let domain: Domain
    public let tenant: String
    public let namespace: String
    /// Without the partition.
    public let localName: String
    /// `nil` for the topic as a whole.
    public let partition: Int?

    /// - Throws: ``PulsarError`` with code `invalidTopic`.
    public init(_ text: String) throws {
        var rest = Substring(text)
        var domain = Domain.persistent
        if let scheme = text.firstRange(of: "://") {
            guard let known = Domain(rawValue: String(text[..<scheme.lowerBound])) else {
                throw Self.invalid(text, "its scheme is neither persistent nor non-persistent")
            }
            domain = known
            rest = text[scheme.upperBound...]
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else { throw Self.invalid(text, "a part of it is empty") }
        guard text.allSatisfy({ !$0.isWhitespace && !$0.isNewline && $0 != "\0" }) else {
            throw Self.invalid(text, "it contains white space")
        }
        switch parts.count {
        case 1 where domain == .persistent && !text.contains("://"):
            (tenant, namespace) = ("public", "default")
        case 3:
            (tenant, namespace) = (String(parts[0]), String(parts[1]))
        default:
            throw Self.invalid(text, "expected a name, tenant/namespace/name or persistent://tenant/namespace/name")
        }
        self.domain = domain
        let name = parts[parts.count - 1]
        if let mark = name.ranges(of: "-partition-").last, let number = Int(name[mark.upperBound...]), number >= 0 {
            localName = String(name[..<mark.lowerBound])
            partition = number
        } else {
            localName = String(name)
            partition = nil
        }
    }

    private init(domain: Domain, tenant: String, namespace: String, localName: String, partition: Int?) {
        self.domain = domain
        self.tenant = tenant
        self.namespace = namespace
        self.localName = localName
        self.partition = partition
    }

    private static func invalid(_ text: String, _ reason: String) -> PulsarError {
        PulsarError(.invalidTopic, "'\(text.prefix(200))' is no topic: \(reason).")
    }

    public var isPersistent: Bool { domain == .persistent }

    /// `tenant/namespace`.
    public var namespacePath: String { "\(tenant)/\(namespace)" }

    public var description: String {
        let suffix = partition.map { "-partition-\($0)" } ?? ""
        return "\(domain.rawValue)://\(tenant)/\(namespace)/\(localName)\(suffix)"
    }

    /// One partition of the topic, counted from 0.
    public func partition(_ number: Int) -> TopicName {
        TopicName(domain: domain, tenant: tenant, namespace: namespace, localName: localName, partition: number)
    }

    /// The topic beside this one whose name ends in `suffix`.
    func sibling(suffix: String) -> TopicName {
        TopicName(
            domain: domain, tenant: tenant, namespace: namespace, localName: localName + suffix, partition: nil)
    }
}
