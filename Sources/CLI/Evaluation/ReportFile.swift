import Evaluation
import FoundationEssentials

/// Reports in files.
enum ReportFile {
    /// - Throws: ``ConfigurationError`` if there is no report in the file.
    static func read(_ path: String) throws -> EvaluationReport {
        guard let data = FileManager.default.contents(atPath: DataDirectory.absolute(path)) else {
            throw ConfigurationError("\(path) cannot be read. Make it with `hearth eval retrieval … --save \(path)`.")
        }
        do {
            return try JSONDecoder().decode(EvaluationReport.self, from: data)
        } catch {
            throw ConfigurationError("\(path) holds no report of this version's `hearth eval retrieval`. Make it anew.")
        }
    }

    /// - Throws: ``ConfigurationError`` if the file cannot be written.
    static func write(_ report: EvaluationReport, to path: String) throws {
        do {
            let text = try JSONOutput.text(report) + "\n"
            try Data(text.utf8).write(to: URL(filePath: DataDirectory.absolute(path)), options: .atomic)
        } catch {
            throw ConfigurationError("\(path) cannot be written. Check its folder.")
        }
    }
}
