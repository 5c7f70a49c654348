import Foundation

/// What the place that text goes to can show. Views are functions of data and capabilities.
public struct TerminalCapabilities: Sendable, Equatable {
    /// Columns in a line, at least 20.
    public var width: Int
    /// Colours may be used.
    public var color: Bool
    /// Characters outside ASCII may be used.
    public var unicode: Bool
    /// A line may be drawn over, again and again.
    public var animates: Bool

    /// Capabilities as given.
    public init(width: Int = 80, color: Bool = false, unicode: Bool = false, animates: Bool = false)
    {
        self.width = max(width, 20)
        self.color = color
        self.unicode = unicode
        self.animates = animates
    }

    /// What the standard output can show: asked of the terminal, and of the environment variables
    /// NO_COLOR, CLICOLOR_FORCE, TERM, CI, COLUMNS, LC_ALL, LC_CTYPE and LANG.
    public static func ofStandardOutput() -> TerminalCapabilities {
        TerminalCapabilities(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDOUT_FILENO) == 1, terminalWidth: columns(of: STDOUT_FILENO))
    }

    /// What an output can show that is a terminal or not, `terminalWidth` columns wide if known.
    public init(environment: [String: String], isTerminal: Bool, terminalWidth: Int? = nil) {
        func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        let isDumb = environment["TERM"] == "dumb"
        let forced = isSet("CLICOLOR_FORCE") && environment["CLICOLOR_FORCE"] != "0"
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty }
        let encoding = (locale ?? "").lowercased()
        self.init(
            width: terminalWidth ?? environment["COLUMNS"].flatMap(Int.init) ?? 80,
            color: !isSet("NO_COLOR") && (forced || (isTerminal && !isDumb)),
            unicode: encoding.contains("utf-8") || encoding.contains("utf8"),
            animates: isTerminal && !isDumb && !isSet("CI"))
    }

    private static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// `text` in `style`, where colours may be used.
    func styled(_ text: String, _ style: Style) -> String {
        color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// What colour adds; no view says anything by colour alone.
    enum Style: String {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case cyan = "36"
    }
}
