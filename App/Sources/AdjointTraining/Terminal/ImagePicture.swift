/// An image drawn with characters.
public struct ImagePicture: Sendable {
    /// The lines of the drawing, all `width` columns wide on the screen.
    public let lines: [String]
    /// The columns that each line takes on the screen.
    public let width: Int

    /// Draws an image of `shape` `[channels, height, width]`; channels are averaged, the darkest
    /// value of the image is drawn darkest. Images wider or higher than 32 are reduced.
    ///
    /// With colours a character cell shows two pixels in grey, one above the other (a small image
    /// gets two cells a pixel); without, shades stand for the grey values.
    public init(_ values: [Float], shape: [Int], terminal: TerminalCapabilities) {
        var image = GreyImage(values, shape: shape).reduced(to: 32)
        image.stretch()
        let isSmall = image.width <= 12
        if terminal.color, terminal.unicode, !isSmall {
            lines = Self.halfBlocks(image)
            width = image.width
        } else {
            if !isSmall { image = image.halvedInHeight() }
            let cell = isSmall ? 2 : 1
            width = image.width * cell
            lines = (0..<image.height).map { y in
                let row = (0..<image.width).map { image[$0, y] }
                return terminal.color
                    ? Self.greyLine(row, cell: cell)
                    : Self.shadeLine(row, cell: cell, unicode: terminal.unicode)
            }
        }
    }

    /// The code of one of the terminal's 24 greys; 232 is nearly black, 255 nearly white.
    private static func grey(_ value: Float) -> Int { 232 + Int((value * 23).rounded()) }

    private static func greyLine(_ row: [Float], cell: Int) -> String {
        let blank = String(repeating: " ", count: cell)
        return row.map { "\u{1B}[48;5;\(grey($0))m\(blank)" }.joined() + "\u{1B}[0m"
    }

    private static func shadeLine(_ row: [Float], cell: Int, unicode: Bool) -> String {
        let shades = Array(unicode ? " ░▒▓█" : " .:-=+*#%@")
        return row.map { value in
            let shade = shades[min(Int(value * Float(shades.count)), shades.count - 1)]
            return String(repeating: shade, count: cell)
        }.joined()
    }

    private static func halfBlocks(_ image: GreyImage) -> [String] {
        stride(from: 0, to: image.height, by: 2).map { y in
            (0..<image.width).map { x in
                let top = "\u{1B}[38;5;\(grey(image[x, y]))m"
                let bottom =
                    y + 1 < image.height ? "\u{1B}[48;5;\(grey(image[x, y + 1]))m" : "\u{1B}[49m"
                return top + bottom + "▀"
            }.joined() + "\u{1B}[0m"
        }
    }
}

/// Grey values, row by row.
private struct GreyImage {
    var width: Int
    var height: Int
    var values: [Float]

    init(_ values: [Float], shape: [Int]) {
        (height, width) = (shape[1], shape[2])
        let size = width * height
        self.values = (0..<size).map { pixel in
            let sum = (0..<shape[0]).reduce(Float(0)) { $0 + values[$1 * size + pixel] }
            return sum / Float(shape[0])
        }
    }

    private init(width: Int, height: Int, value: (Int, Int) -> Float) {
        (self.width, self.height) = (width, height)
        values = (0..<(width * height)).map { value($0 % width, $0 / width) }
    }

    subscript(x: Int, y: Int) -> Float { values[y * width + x] }

    /// Moves the values to 0...1; a uniform image becomes 0.
    mutating func stretch() {
        let low = values.min() ?? 0
        let span = (values.max() ?? 0) - low
        values = values.map { span > 0 && $0.isFinite ? ($0 - low) / span : 0 }
    }

    func reduced(to side: Int) -> GreyImage {
        let factor = (max(width, height) + side - 1) / side
        guard factor > 1 else { return self }
        return GreyImage(width: width / factor, height: height / factor) { x, y in
            mean(x * factor, y * factor, factor, factor)
        }
    }

    func halvedInHeight() -> GreyImage {
        GreyImage(width: width, height: (height + 1) / 2) { x, y in
            mean(x, 2 * y, 1, min(2, height - 2 * y))
        }
    }

    private func mean(_ x: Int, _ y: Int, _ columns: Int, _ rows: Int) -> Float {
        var sum: Float = 0
        for row in y..<(y + rows) {
            for column in x..<(x + columns) { sum += self[column, row] }
        }
        return sum / Float(columns * rows)
    }
}
