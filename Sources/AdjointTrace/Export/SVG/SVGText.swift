/// Text in an SVG file, and how wide it is. Pictures use a font of fixed width, so that boxes fit
/// their text wherever they are drawn.
enum SVGText {
    /// The width of a character of such fonts, as a part of the size: Menlo's and DejaVu's, which
    /// are the widest.
    private static let ratio = 0.603

    /// Width in pixels, rounded up.
    static func width(_ text: String, size: Int) -> Int {
        Int((Double(columns(text)) * ratio * Double(size)).rounded(.up))
    }

    /// Characters of East Asia and emoji take two columns.
    private static func columns(_ text: String) -> Int {
        text.reduce(0) { columns, character in
            let scalar = character.unicodeScalars.first!
            let isWide: Bool =
                switch scalar.value {
                case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                    0xFE30...0xFE6F, 0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                    true
                default: scalar.properties.isEmojiPresentation
                }
            return columns + (isWide ? 2 : 1)
        }
    }

    /// `text` in at most `limit` characters, the middle left out.
    static func shortened(_ text: String, _ limit: Int) -> String {
        if text.count <= limit { return text }
        let tail = limit / 3
        return "\(text.prefix(limit - tail - 1))…\(text.suffix(tail))"
    }

    /// Fit for text and for attributes in double quotes. XML has no way to write most control
    /// characters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += " "
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            case _ where scalar.properties.generalCategory == .control: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
