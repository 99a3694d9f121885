import FoundationEssentials
import Verify

/// Reports, thresholds and suites in files.
enum VerifyFiles {
    /// - Throws: ``ConfigurationError`` if there is no report in the file.
    static func report(_ path: String) throws -> VerifyReport {
        let data = try read(path)
        guard let report = try? JSONDecoder().decode(VerifyReport.self, from: data),
            report.format == VerifyReport.currentFormat
        else {
            throw ConfigurationError("\(path) holds no report of this version's `hearth verify`. Make it anew: --save.")
        }
        return report
    }

    /// - Throws: ``ConfigurationError`` if there are no thresholds in the file.
    static func thresholds(_ path: String) throws -> VerifyThresholds {
        let data = try read(path)
        do { return try JSONDecoder().decode(VerifyThresholds.self, from: data) } catch {
            throw ConfigurationError(
                "\(path) holds no thresholds. Write {\"default\": 1, \"kinds\": {\"depth\": 0.9}}, with kinds of `hearth verify --help` and shares from 0 to 1."
            )
        }
    }

    /// - Throws: ``VerifyError`` that names the line, or ``ConfigurationError`` if the file cannot be read.
    static func suite(_ path: String) throws -> VerifySuite {
        try VerifySuite(String(decoding: try read(path), as: UTF8.self))
    }

    /// - Throws: ``ConfigurationError`` if the file cannot be written.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: DataDirectory.absolute(path)), options: .atomic)
        } catch {
            throw ConfigurationError("\(path) cannot be written. Check its folder.")
        }
    }

    static func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: DataDirectory.absolute(path)) else {
            throw ConfigurationError("\(path) cannot be read. Check the path.")
        }
        return data
    }
}
