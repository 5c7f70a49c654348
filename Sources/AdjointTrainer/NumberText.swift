/// Numbers as people read them. Independent of the locale, so that logs and tests are too.
enum NumberText {
    /// `value` with exactly `digits` digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let text = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let sign = value < 0 && scaled != 0 ? "-" : ""
        if digits == 0 { return sign + padded }
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// About four significant digits: `0.0312`, `2.303`, `1.2e-06`.
    static func significant(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, 4) }
        switch abs(value) {
        case 0: return "0.0000"
        case ..<0.0009995, 99_999.5...: return scientific(value)
        case ..<0.99995: return fixed(value, 4)
        case ..<99.9995: return fixed(value, 3)
        default: return fixed(value, 1)
        }
    }

    private static func scientific(_ value: Double) -> String {
        var (mantissa, exponent) = (abs(value), 0)
        while mantissa >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 0.9995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return "\(value < 0 ? "-" : "")\(fixed(mantissa, 2))e\(exponent)"
    }

    /// A count with a unit of thousands: `950`, `1.2 k`, `41.0 k`, `3.2 M`.
    static func count(_ count: Int, separator: String = " ") -> String {
        var (value, unit) = (Double(count), 0)
        let units = ["", "k", "M", "G", "T", "P"]
        while value >= 999.95, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return unit == 0 ? "\(count)" : fixed(value, 1) + separator + units[unit]
    }

    /// A number of bytes in units of 1,024: `512 B`, `98.0 KiB`.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (Double(count), 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1023.95, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return unit == 0 ? "\(count) B" : "\(fixed(value, 1)) \(units[unit])"
    }

    /// A whole number in groups of three digits: `101,770`.
    static func grouped(_ value: Int) -> String {
        var text = String(value.magnitude)
        var groups: [Substring] = []
        while text.count > 3 {
            groups.insert(text.suffix(3), at: 0)
            text = String(text.dropLast(3))
        }
        return (value < 0 ? "-" : "") + ([Substring(text)] + groups).joined(separator: ",")
    }

    /// A share of one: `98.7%`.
    static func percent(_ share: Double) -> String { "\(fixed(share * 100, 1))%" }

    /// A time in seconds as `00:07` or `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e7 else { return "--:--" }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let whole = Int(seconds.rounded())
        let tail = "\(two(whole / 60 % 60)):\(two(whole % 60))"
        return whole < 3600 ? tail : "\(whole / 3600):\(tail)"
    }
}
