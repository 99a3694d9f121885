extension PostgresError.Code {
    /// What the server's code means to a caller.
    init(sqlState: String) {
        switch sqlState {
        case "40001": self = .serializationFailure
        case "40P01": self = .deadlock
        case "23505": self = .uniqueViolation
        case "42501": self = .permissionDenied
        case "3D000": self = .noSuchDatabase
        case "53300", "57P03", "57P02", "57P01", "57P05", "25P03": self = .serverBusy
        default:
            switch sqlState.prefix(2) {
            case "08": self = .connectionLost
            case "22": self = .invalidValue
            case "23": self = .constraintViolation
            case "28": self = .authenticationFailed
            case "42", "0A", "26", "34", "3F": self = .invalidStatement
            case "53", "54": self = .outOfSpace
            default: self = .statementFailed
            }
        }
    }

    /// What a person does about it.
    var remedy: String {
        switch kind {
        case .authenticationFailed: "Check the user and the password of the connection string."
        case .noSuchDatabase: "Create it, or check the connection string."
        case .connectionFailed: "Check that the server runs there and that the address is right."
        case .serverBusy, .connectionLost: "Try again."
        case .serializationFailure, .deadlock: "Run the transaction again."
        case .outOfSpace: "Make room on the server, or raise its limits."
        case .permissionDenied: "Grant the right to the user of the connection string."
        case .uniqueViolation: "Use a fresh key."
        default: "The server's log has the details."
        }
    }
}

extension PostgresError {
    /// The server's refusal in its own words, and what to do about it.
    init(sqlState: String, serverMessage: String) {
        let code = Code(sqlState: sqlState)
        self.init(code, "\(serverMessage.sentence) \(code.remedy)", sqlState: sqlState)
    }

    /// What libpq says of a connection that was not made. Its text holds the server's code if the server answered, since the
    /// connection was told to be verbose.
    init(connecting text: String, to place: String) {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION") }
        let line = lines.last { $0.contains("FATAL") } ?? lines.last ?? "no reason was given"
        let parts = line.split(separator: ": ", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
        if let index = parts.firstIndex(where: \.isSQLState) {
            let code = Code(sqlState: String(parts[index]))
            let words = parts[(index + 1)...].joined(separator: ": ")
            self.init(code, "\(place): \(words.sentence) \(code.remedy)", sqlState: String(parts[index]))
        } else {
            self.init(.connectionFailed, "\(place): \(String(line).sentence) \(Code.connectionFailed.remedy)")
        }
    }

    static func lost(_ place: String) -> PostgresError {
        PostgresError(
            .connectionLost, "The connection to \(place) ended before the answer came. \(Code.connectionLost.remedy)")
    }
}

extension Substring {
    /// Five digits and capitals, `FATAL` aside.
    fileprivate var isSQLState: Bool {
        count == 5 && contains(where: \.isNumber) && allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
    }
}

extension String {
    /// With a full stop at its end.
    fileprivate var sentence: String { hasSuffix(".") || hasSuffix("?") ? self : self + "." }
}
