/// Numbers as people read them. Independent of the locale, so that files and tests are too.
enum NumberText {
    /// `value` with exactly `digits` digits after the point: `0.0312`.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let whole = Int(scaled)
        let sign = value < 0 && whole != 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let text = String(whole)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// A loss in about four significant digits: `0.0312`, `2.303`, `1.2e-06`.
    static func loss(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, 4) }
        switch abs(value) {
        case 0: return "0.0000"
        case ..<0.001: return scientific(value)
        case ..<0.99995: return fixed(value, 4)
        case ..<99.9995: return fixed(value, 3)
        case ..<100_000: return fixed(value, 1)
        default: return scientific(value)
        }
    }

    /// A share of one as a percentage: `98.9%`. Only 1 itself is shown as 100%.
    static func percent(_ share: Double, _ digits: Int = 1) -> String {
        guard share.isFinite else { return "-" }
        let text = fixed(share * 100, digits)
        guard share < 1, text == fixed(100, digits) else { return "\(text)%" }
        return digits == 0 ? "99%" : "99.\(String(repeating: "9", count: digits))%"
    }

    /// A count in at most four characters: `950`, `9.5k`, `12M`.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return "-" }
        var rest = value
        for unit in ["", "k", "M", "G"] {
            if rest < 999.5 { return fixed(rest, rest < 9.95 && unit != "" ? 1 : 0) + unit }
            rest /= 1000
        }
        return "\(fixed(rest, 0))T"
    }

    /// A time in seconds as `0:07`, `12:34` or `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e7 else { return "-:--" }
        let whole = Int(seconds.rounded())
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let tail = twoDigits(whole % 60)
        return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(tail)" : "\(minutes):\(tail)"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func scientific(_ value: Double) -> String {
        var (mantissa, exponent) = (abs(value), 0)
        while mantissa >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 0.9995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return "\(value < 0 ? "-" : "")\(fixed(mantissa, 2))e\(exponent)"
    }
}
