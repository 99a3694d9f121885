/// Writes the small documents that are sent to S3.
enum XMLText {
    /// `<name>text</name>`, with what XML reserves escaped.
    static func element(_ name: String, _ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "<\(name)>\(escaped)</\(name)>"
    }
}
