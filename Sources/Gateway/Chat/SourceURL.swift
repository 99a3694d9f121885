import Hearth

/// Names a passage as a link does.
enum SourceURL {
    /// `hearth://<project>/<path>?version=<version>#L<first>-L<last>`.
    static func url(of passage: PassageReference, project: ProjectID?) -> String {
        let path = PercentText.encoded(passage.path, keeping: "/")
        let version = PercentText.encoded(passage.documentVersion)
        let lines = "L\(passage.lines.lowerBound)-L\(passage.lines.upperBound)"
        return "hearth://\(project?.rawValue ?? "-")/\(path)?version=\(version)#\(lines)"
    }

    static func title(of passage: PassageReference) -> String {
        let place = "\(passage.path):\(passage.lines.lowerBound)-\(passage.lines.upperBound)"
        return passage.symbol.isEmpty ? place : "\(place) \(passage.symbol)"
    }
}
