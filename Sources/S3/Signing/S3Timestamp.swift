/// A second of UTC, in the spellings of SigV4, of HTTP and of S3's XML.
public struct S3Timestamp: Hashable, Sendable, Comparable {
    /// Since 1970.
    public let seconds: Int

    public init(seconds: Int) { self.seconds = seconds }

    /// `20130524T000000Z`.
    public var basic: String {
        let (year, month, day) = Self.civil(daysSince1970: seconds.flooredQuotient(86_400))
        let second = seconds - seconds.flooredQuotient(86_400) * 86_400
        return Self.digits(year, 4) + Self.digits(month, 2) + Self.digits(day, 2) + "T"
            + Self.digits(second / 3600, 2) + Self.digits(second / 60 % 60, 2) + Self.digits(second % 60, 2) + "Z"
    }

    /// `20130524`.
    public var day: String { String(basic.prefix(8)) }

    /// Reads the `Date` field of HTTP: `Fri, 24 May 2013 00:00:00 GMT`.
    public init?(http text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = Self.months.firstIndex(of: words[2])
        else { return nil }
        self.init(year: year, month: month + 1, day: day, time: words[4])
    }

    /// Reads the dates of S3's documents: `2013-05-24T00:00:00.000Z`.
    public init?(iso text: String) {
        let halves = text.split(separator: "T")
        guard halves.count == 2, halves[1].hasSuffix("Z") else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int($0) }
        guard date.count == 3 else { return nil }
        self.init(year: date[0], month: date[1], day: date[2], time: halves[1].dropLast().prefix { $0 != "." })
    }

    private init?(year: Int, month: Int, day: Int, time: Substring) {
        let parts = time.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(month), (1...31).contains(day), (1...9999).contains(year),
            (0...23).contains(parts[0]), (0...59).contains(parts[1]), (0...60).contains(parts[2])
        else { return nil }
        seconds = Self.days(year, month, day) * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The proleptic Gregorian calendar, counted from 1 March so that the leap day comes last.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    public static func < (left: S3Timestamp, right: S3Timestamp) -> Bool { left.seconds < right.seconds }
}

extension Int {
    fileprivate func flooredQuotient(_ divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
