import AdjointCore
import CAdjoint

/// Values as pictures and reports write them. Elements and extremes are exact: the shortest text
/// that is read back as the same number. Means and norms are rounded, and marked `≈`.
enum ShownValue {
    /// As many elements as this are written out.
    private static let most = 4

    /// "6", "[1, 2]", "-1.5 … 3 (n 640)"; nil where nothing is known.
    static func text(_ value: TraceValue?) -> String? {
        switch value {
        case .full(let data, _)?:
            if data.count == 1 { return number(data[0]) }
            if data.count <= most { return "[\(data.map(number).joined(separator: ", "))]" }
            return range(data.filter(\.isFinite), data.count)
        case .sum(let sum)?:
            if sum.n == 1, let first = sum.head.first { return number(first) }
            guard let low = sum.min, let high = sum.max else { return "n \(sum.n)" }
            return "\(number(low)) … \(number(high)) (n \(sum.n))"
        case TraceValue.none(.freed)?: return "freed"
        case TraceValue.none?, nil: return nil
        }
    }

    private static func range(_ finite: [Double], _ count: Int) -> String {
        guard let low = finite.min(), let high = finite.max() else { return "n \(count)" }
        return "\(number(low)) … \(number(high)) (n \(count))"
    }

    /// The Euclidean norm; nil where it is unknown.
    static func norm(_ value: TraceValue) -> Double? {
        switch value {
        case .full(let data, _): data.reduce(0) { $0 + $1 * $1 }.squareRoot()
        case .sum(let sum):
            // Norms of summaries are those of the finite elements.
            (sum.nan ?? 0) > 0 ? .nan : (sum.inf ?? 0) > 0 ? .infinity : sum.l2
        case .none: nil
        }
    }

    /// How many elements are NaN, and how many infinite.
    static func faults(_ value: TraceValue?) -> (nan: Int, inf: Int) {
        switch value {
        case .full(let data, _)?: (data.count(where: \.isNaN), data.count(where: \.isInfinite))
        case .sum(let sum)?: (sum.nan ?? 0, sum.inf ?? 0)
        case TraceValue.none?, nil: (0, 0)
        }
    }

    /// "NaN", "inf ×3"; nil where all elements are finite, or none is known.
    static func badge(_ value: TraceValue?) -> String? {
        let (nan, inf) = faults(value)
        if nan > 0 { return nan == 1 ? "NaN" : "NaN ×\(nan)" }
        if inf > 0 { return inf == 1 ? "inf" : "inf ×\(inf)" }
        return nil
    }

    /// The shortest text that is read back as `value`; whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Four significant digits.
    static func rounded(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return number(value) }
        let magnitude = value.magnitude
        let isPlain = magnitude >= 0.001 && magnitude < 100_000
        let power = isPlain ? Int(Double.log10(magnitude).rounded(.down)) : 0
        let digits = isPlain ? max(3 - power, 0) : 2
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let count = adj_format_double(
                buffer.baseAddress, buffer.count, isPlain ? 0 : 1, Int32(digits), value)
            return String(
                decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard isPlain, text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }
        return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
    }

    /// "1.5 kB"; a kilobyte has 1,000 bytes.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (Double(count), 0)
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 999.95, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        if unit == 0 { return "\(count) B" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0
            ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
