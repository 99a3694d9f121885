/// A file of the AWS tools: sections in brackets, `name = value` lines, comments after `#` or `;`.
struct CredentialsFile: Hashable, Sendable {
    private var sections: [String: [String: String]] = [:]

    init(_ text: String) {
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                // ~/.aws/config writes `[profile name]`.
                let name = Self.trimmed(line[line.index(after: line.startIndex)..<end])
                section = name.hasPrefix("profile ") ? Self.trimmed(name.dropFirst(8)) : name
            } else if let equals = line.firstIndex(of: "=") {
                let name = Self.trimmed(line[..<equals]).lowercased()
                sections[section, default: [:]][name] = Self.trimmed(line[line.index(after: equals)...])
            }
        }
    }

    func profile(_ name: String) -> S3Credentials? {
        guard let values = sections[name], let key = values["aws_access_key_id"], !key.isEmpty,
            let secret = values["aws_secret_access_key"], !secret.isEmpty
        else { return nil }
        return S3Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: values["aws_session_token"])
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let kept = text.drop { $0.isWhitespace }
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...last])
    }
}
