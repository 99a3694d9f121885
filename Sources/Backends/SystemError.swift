import Foundation

/// The reason that the operating system gave for the last failed call.
struct SystemError: Error, CustomStringConvertible {
    let code: Int32

    /// Reads `errno`; make it before anything else is called.
    init() { code = errno }

    var description: String { String(cString: strerror(code)) }
}
