/// A function u(t, x) with values from -1 to 1, drawn with characters: t to the right from 0 to 1,
/// x upwards from -1 to 1.
public struct FieldPicture: Sendable {
    /// The lines of the drawing, with its axes and a legend.
    public let lines: [String]

    /// 256-colour codes from -1 (blue) over 0 (white) to 1 (red).
    private static let colors = [
        18, 19, 26, 32, 74, 110, 152, 231, 224, 217, 210, 203, 160, 124, 88,
    ]

    /// Draws the function whose values at time `t`, and at a number of places from x = -1 to 1, are
    /// `values(t, places)`, as wide as `terminal` allows.
    ///
    /// With colours and Unicode a character cell shows two places in colour, one above the other;
    /// without, shades stand for the values.
    public init(_ terminal: TerminalCapabilities, _ values: (Double, Int) -> [Double]) {
        let margin = 4
        let width = min(terminal.width - margin - 1, 64)
        let height = min(max(width / 3, 7), 17) | 1  // odd, so that one line is x = 0
        let isFine = terminal.color && terminal.unicode
        let places = isFine ? 2 * height : height
        let columns = (0..<width).map { column in
            values((Double(column) + 0.5) / Double(width), places)
        }
        var lines: [String] = []
        for row in 0..<height {
            // The first place is x = -1, which stands at the bottom.
            let cells = columns.map { column in
                isFine
                    ? Self.cell(column[places - 1 - 2 * row], column[places - 2 - 2 * row])
                    : Self.cell(column[places - 1 - row], terminal)
            }
            let label =
                row == 0 ? "x 1 " : row == height / 2 ? "  0 " : row == height - 1 ? " -1 " : "    "
            lines.append(label + Self.joined(cells))
        }
        let axis = "t 0" + String(repeating: " ", count: width - 1) + "1"
        self.lines = lines + [" " + axis] + Self.legend(terminal)
    }

    private static func color(_ value: Double) -> Int {
        guard value.isFinite else { return 240 }
        return colors[level(value, of: colors.count)]
    }

    /// A character, and the colours that it is drawn in.
    private typealias Cell = (style: String, text: String)

    private static func cell(_ top: Double, _ bottom: Double) -> Cell {
        ("\u{1B}[38;5;\(color(top));48;5;\(color(bottom))m", "▀")
    }

    private static func cell(_ value: Double, _ terminal: TerminalCapabilities) -> Cell {
        terminal.color
            ? ("\u{1B}[48;5;\(color(value))m", " ") : ("", shade(value, terminal))
    }

    /// The cells side by side; colours are set where they change.
    private static func joined(_ cells: [Cell]) -> String {
        var (line, style) = ("", "")
        for cell in cells {
            if cell.style != style { line += cell.style }
            style = cell.style
            line += cell.text
        }
        return style.isEmpty ? line : line + "\u{1B}[0m"
    }

    private static func shade(_ value: Double, _ terminal: TerminalCapabilities) -> String {
        let shades = Array(terminal.unicode ? " ░▒▓█" : " .:-=+*#%@")
        guard value.isFinite else { return "?" }
        return String(shades[level(value, of: shades.count)])
    }

    /// Which of `count` equal parts of -1...1 a finite `value` lies in; what is beyond, in the last.
    private static func level(_ value: Double, of count: Int) -> Int {
        min(Int((min(max(value, -1), 1) + 1) / 2 * Double(count)), count - 1)
    }

    private static func legend(_ terminal: TerminalCapabilities) -> [String] {
        let finest = terminal.color ? colors.count : terminal.unicode ? 5 : 10
        let steps = min(finest, terminal.width - 10)
        let scale = (0..<steps).map { step in
            cell((Double(step) + 0.5) / Double(steps) * 2 - 1, terminal)
        }
        return ["    -1 \(joined(scale)) 1"]
    }
}
