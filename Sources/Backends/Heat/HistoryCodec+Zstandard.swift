public import Hearth
import Zstandard

extension HistoryCodec {
    /// Zstandard. A block of one session gains nothing by more than level 12. A frame of the archive, written once and kept for
    /// years, is worth eight times the time of that: level 17 leaves an eighth less.
    public static let zstd = HistoryCodec(
        suffix: "zst",
        compress: { try Zstandard.compress($0, level: $0.count < 1 << 20 ? 12 : 17) },
        decompress: { try Zstandard.decompress($0, limit: 1 << 30) })
}
