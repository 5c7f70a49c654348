#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the standard output can show.
public struct Terminal: Sendable, Equatable {
    /// Columns in a line.
    public var width: Int
    /// Characters outside ASCII may be used.
    public var unicode: Bool
    /// A line may be drawn over, again and again.
    public var animates: Bool

    /// At least 20 columns; without Unicode and animation unless they are switched on.
    public init(width: Int = 80, unicode: Bool = false, animates: Bool = false) {
        self.width = max(width, 20)
        self.unicode = unicode
        self.animates = animates
    }

    /// Asked of the terminal, and of the environment variables TERM, CI, COLUMNS, LC_ALL, LC_CTYPE
    /// and LANG.
    public static func ofStandardOutput() -> Terminal {
        func variable(_ name: String) -> String? {
            guard let text = getenv(name).map({ String(cString: $0) }), !text.isEmpty else {
                return nil
            }
            return text
        }
        let locale = (variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? "")
            .lowercased()
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            width: isKnown ? Int(size.ws_col) : variable("COLUMNS").flatMap { Int($0) } ?? 80,
            unicode: locale.contains("utf-8") || locale.contains("utf8"),
            animates: isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb"
                && variable("CI") == nil)
    }

    /// Writes `text` to the standard output at once. Where nobody reads any more it is lost.
    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes($0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Outside `Terminal`, whose own `write` would hide the system's.
private func writeBytes(_ bytes: UnsafeRawBufferPointer) -> Int {
    write(STDOUT_FILENO, bytes.baseAddress!, bytes.count)
}
