#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What a terminal can show. Every view for terminals is a function of its data and of this.
public struct TerminalCapabilities: Sendable, Hashable {
    /// Columns.
    public var width: Int
    /// Whether colours are shown.
    public var hasColor: Bool
    /// Whether characters beyond ASCII are shown.
    public var hasUnicode: Bool

    /// A terminal of `width` columns.
    public init(width: Int = 80, hasColor: Bool = false, hasUnicode: Bool = true) {
        self.width = width
        self.hasColor = hasColor
        self.hasUnicode = hasUnicode
    }

    /// What follows from the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`, `COLUMNS`,
    /// and the locale's variables.
    ///
    /// - Parameters:
    ///   - environment: The variables by name.
    ///   - isTerminal: Whether a terminal reads the output.
    ///   - width: The terminal's columns, where it tells.
    public init(environment: [String: String], isTerminal: Bool, width: Int? = nil) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let isDumb = value("TERM") == "dumb"
        let isForced = value("CLICOLOR_FORCE").map { $0 != "0" } ?? false
        let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? ""
        let encoding = locale.lowercased()
        self.init(
            width: max(width ?? value("COLUMNS").flatMap { Int($0) } ?? 80, 20),
            hasColor: value("NO_COLOR") == nil && (isForced || isTerminal && !isDumb),
            hasUnicode: encoding.contains("utf-8") || encoding.contains("utf8"))
    }

    /// What the stream of this descriptor can show: 1 for the standard output, 2 for errors.
    public static func ofStream(_ descriptor: Int32 = 1) -> TerminalCapabilities {
        var environment: [String: String] = [:]
        for name in [
            "NO_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG",
        ] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        let isSized = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        return TerminalCapabilities(
            environment: environment, isTerminal: isTerminal,
            width: isSized && size.ws_col > 0 ? Int(size.ws_col) : nil)
    }
}

/// A line put together of pieces, of which some are coloured, cut to a width.
struct StyledLine {
    enum Style: String {
        case plain = ""
        case dim = "2"
        case bold = "1"
        case red = "31"
        case cyan = "36"
        case magenta = "35"
    }

    private var pieces: [(text: String, style: Style)] = []

    mutating func add(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append((text, style)) }
    }

    var all: [(text: String, style: Style)] { pieces }
    var count: Int { pieces.reduce(0) { $0 + $1.text.count } }

    mutating func pad(to width: Int) {
        let missing = width - count
        if missing > 0 { add(String(repeating: " ", count: missing)) }
    }

    func text(_ capabilities: TerminalCapabilities) -> String {
        var room = capabilities.width
        let isCut = count > room
        if isCut { room -= 1 }
        var result = ""
        for (text, style) in pieces where room > 0 {
            let part = Terminal.printable(String(text.prefix(room)))
            room -= part.count
            result +=
                capabilities.hasColor && style != .plain
                ? "\u{1B}[\(style.rawValue)m\(part)\u{1B}[0m" : part
        }
        return isCut ? result + (capabilities.hasUnicode ? "…" : ">") : result
    }
}

enum Terminal {
    /// `text` without control characters: names come from files that anyone may have written.
    static func printable(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "\u{FFFD}" : $0
                }))
    }

    /// A number as the library prints it: with the fewest digits that name it.
    static func number(_ x: Double) -> String {
        let text = x.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A number in about `digits` digits, where the exact one has no room.
    static func short(_ x: Double, digits: Int = 4) -> String {
        if !x.isFinite || x == 0 { return number(x) }
        var scale = 1.0
        var magnitude = abs(x)
        if magnitude >= 1e5 || magnitude < 1e-3 {
            var exponent = 0
            while magnitude >= 10 {
                magnitude /= 10
                exponent += 1
            }
            while magnitude < 1 {
                magnitude *= 10
                exponent -= 1
            }
            let rounded = (magnitude * 100).rounded() / 100
            return (x < 0 ? "-" : "") + number(rounded) + "e\(exponent)"
        }
        while magnitude * scale < pow10(digits - 1), scale < 1e6 { scale *= 10 }
        return number((x * scale).rounded() / scale)
    }

    private static func pow10(_ n: Int) -> Double { (0..<n).reduce(1.0) { x, _ in x * 10 } }

    /// "1.2k", "3.4M".
    static func count(_ n: Int) -> String {
        let units = ["", "k", "M", "G", "T"]
        var (x, unit) = (Double(n), 0)
        while abs(x) >= 1000, unit < units.count - 1 {
            x /= 1000
            unit += 1
        }
        if unit == 0 { return "\(n)" }
        let tenths = Int((x * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))\(units[unit])"
    }

    /// "512 B", "1.5 kB"; a kilobyte has 1,000 bytes.
    static func bytes(_ n: Int) -> String { n < 1000 ? "\(n) B" : count(n) + "B" }
}
