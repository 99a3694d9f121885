public import FoundationEssentials

/// Reads request bodies, and says of those that it cannot read which field is wrong.
public enum RequestReader {
    /// The request in `body`. Unknown fields are ignored.
    ///
    /// - Throws: ``InvalidRequest``.
    public static func read<Request: Decodable>(_ type: Request.Type, from body: Data) throws -> Request {
        guard !body.isEmpty else {
            throw InvalidRequest("The request has no body. Send a JSON object.")
        }
        guard String(validating: body, as: UTF8.self) != nil else {
            throw InvalidRequest("The body is not valid UTF-8. Send JSON in UTF-8.")
        }
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch let error as InvalidRequest {
            throw error
        } catch let error as DecodingError {
            if case .dataCorrupted(let context) = error, context.codingPath.isEmpty, isJSON(body) {
                throw InvalidRequest(
                    "The body has a number that is too large, or a fraction where an integer is needed.")
            }
            throw InvalidRequest(error)
        } catch {
            throw InvalidRequest("The body is not valid JSON. Send a JSON object.")
        }
    }
}

extension RequestReader {
    private static func isJSON(_ body: Data) -> Bool { (try? JSONDecoder().decode(JSONValue.self, from: body)) != nil }
}

extension InvalidRequest {
    /// A decoding error in the words of the API.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            let field = Self.field(context.codingPath + [key])
            self.init("'\(field)' is missing.", param: field)
        case .valueNotFound(_, let context):
            let field = Self.field(context.codingPath)
            self.init("'\(field)' must not be null.", param: field.isEmpty ? nil : field)
        case .typeMismatch(let type, let context):
            let field = Self.field(context.codingPath)
            guard !field.isEmpty else {
                self.init("The body must be a JSON object.")
                return
            }
            self.init("'\(field)' has the wrong type: expected \(Self.name(of: type)).", param: field)
        case .dataCorrupted(let context):
            let field = Self.field(context.codingPath)
            guard !field.isEmpty else {
                self.init("The body is not valid JSON. Send a JSON object.")
                return
            }
            self.init("'\(field)' is not valid: \(context.debugDescription)", param: field)
        @unknown default:
            self.init("The body cannot be read. Send a JSON object.")
        }
    }

    /// The way to a field as people write it: `messages[0].content`.
    static func field(_ path: [any CodingKey]) -> String {
        var field = ""
        for key in path {
            if let index = key.intValue {
                field += "[\(index)]"
            } else {
                field += field.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return field
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "an integer"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [String: Any].Type: "an object"
        default: "\(type)".hasPrefix("Array") ? "an array" : "another kind of value"
        }
    }
}
