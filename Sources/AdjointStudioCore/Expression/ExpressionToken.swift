/// A word of the expression language.
struct ExpressionToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A number; whole ones stay whole, so that `x ** 2` is a power with a whole exponent.
        case number(Double, isWhole: Bool)
        case name(String)
        /// One of `Self.symbols`.
        case symbol(String)
        /// The end of a line, or a semicolon.
        case end
    }

    var kind: Kind
    var position: ExpressionPosition

    /// Longer ones first, so that the longest that fits is taken.
    static let symbols = [
        "**", "<=", ">=", "==", "!=", "+", "-", "*", "/", "(", ")", ",", "=", "<", ">",
    ]

    /// What people write elsewhere, and what is written here.
    private static let foreign: [Character: String] = [
        "^": "a power is written x ** 2",
        "²": "a power is written x ** 2",
        "³": "a power is written x ** 3",
        "·": "a product is written 3 * x",
        "×": "a product is written 3 * x",
        "÷": "a quotient is written x / 2",
        "−": "minus is written -",
        "[": "values of several elements are given beside the expression, as a leaf",
        ".": "a function is called as sin(x)",
    ]

    /// The words of `source`. Text after `#` up to the line's end is for readers.
    static func words(of source: String) throws(ExpressionError) -> [ExpressionToken] {
        var words: [ExpressionToken] = []
        let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            let text = Array(line)
            var index = 0
            while index < text.count, text[index] != "#" {
                let position = ExpressionPosition(line: number + 1, column: index + 1)
                if text[index].isWhitespace {
                    index += 1
                } else if text[index] == ";" {
                    words.append(ExpressionToken(kind: .end, position: position))
                    index += 1
                } else if isDigit(text[index])
                    || text[index] == "." && index + 1 < text.count && isDigit(text[index + 1])
                {
                    words.append(try self.number(text, &index, position))
                } else if isLetter(text[index]) {
                    let start = index
                    while index < text.count, isLetter(text[index]) || isDigit(text[index]) {
                        index += 1
                    }
                    let name = String(text[start..<index])
                    words.append(ExpressionToken(kind: .name(name), position: position))
                } else if let symbol = symbols.first(where: { text[index...].starts(with: $0) }) {
                    words.append(ExpressionToken(kind: .symbol(symbol), position: position))
                    index += symbol.count
                } else {
                    throw ExpressionError(
                        position,
                        "'\(text[index])' has no meaning here"
                            + (foreign[text[index]].map { ": \($0)" } ?? ""))
                }
            }
            words.append(
                ExpressionToken(
                    kind: .end,
                    position: ExpressionPosition(line: number + 1, column: text.count + 1)))
        }
        return words
    }

    private static func isDigit(_ character: Character) -> Bool {
        ("0"..."9").contains(character)
    }

    private static func isLetter(_ character: Character) -> Bool {
        character == "_" || character.isLetter && character.isASCII
            || ("α"..."ω").contains(character)
    }

    private static func number(
        _ text: [Character], _ index: inout Int, _ position: ExpressionPosition
    ) throws(ExpressionError) -> ExpressionToken {
        let start = index
        var isWhole = true
        func digits() { while index < text.count, isDigit(text[index]) { index += 1 } }
        digits()
        if index < text.count, text[index] == "." {
            isWhole = false
            index += 1
            digits()
        }
        if index < text.count, text[index] == "e" || text[index] == "E" {
            var next = index + 1
            if next < text.count, text[next] == "+" || text[next] == "-" { next += 1 }
            if next < text.count, isDigit(text[next]) {
                isWhole = false
                index = next
                digits()
            }
        }
        let digitsText = String(text[start..<index])
        guard index == text.count || !isLetter(text[index]) else {
            throw ExpressionError(
                ExpressionPosition(line: position.line, column: index + 1),
                "a product is written \(digitsText) * \(text[index])")
        }
        guard let value = Double(digitsText), value.isFinite else {
            throw ExpressionError(position, "\(digitsText) is no number that fits")
        }
        return ExpressionToken(
            kind: .number(value, isWhole: isWhole && abs(value) < 1e15), position: position)
    }
}
