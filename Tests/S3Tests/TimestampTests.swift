import FoundationEssentials
import S3
import Testing

@Suite("Seconds of UTC")
struct TimestampTests {
    @Test("spelled and read back, over leap days and centuries")
    func roundTrip() throws {
        let calendar = Date.ISO8601FormatStyle(timeZone: try #require(TimeZone(secondsFromGMT: 0)))
        for seconds in stride(from: -3_000_000_000, through: 8_000_000_000, by: 86_399 * 97) {
            let iso = Date(timeIntervalSince1970: Double(seconds)).formatted(calendar)
            let time = S3Timestamp(seconds: seconds)
            #expect(time.basic == iso.filter { $0 != "-" && $0 != ":" })
            #expect(S3Timestamp(iso: iso) == time)
        }
    }

    @Test("HTTP's date is read, and what is none is not")
    func http() {
        #expect(S3Timestamp(http: "Fri, 24 May 2013 00:00:00 GMT")?.seconds == 1_369_353_600)
        #expect(S3Timestamp(http: "Thu, 29 Feb 2024 23:59:59 GMT")?.basic == "20240229T235959Z")
        for text in ["", "yesterday", "Fri, 24 Mai 2013 00:00:00 GMT", "Fri, 24 May 2013 25:00:00 GMT", "a b c d e f"] {
            #expect(S3Timestamp(http: text) == nil)
        }
    }
}
