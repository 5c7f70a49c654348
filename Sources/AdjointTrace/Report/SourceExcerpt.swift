/// A line of the program out of a trace, and a caret under its column.
struct SourceExcerpt {
    /// The line and its number, "41 │ let e = h.exp()".
    let line: String
    /// A caret under the column; nil where the column is unknown.
    let caret: String?

    /// Nil where the trace does not have the text.
    init?(_ source: TraceSource, of document: TraceDocument, width: Int, usesUnicode: Bool) {
        guard let text = document.file(source.file)?.text, source.line > 0 else { return nil }
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard all.indices.contains(source.line - 1) else { return nil }
        let bar = usesUnicode ? "│" : "|"
        let number = String(source.line)
        let raw = all[source.line - 1]
        let shown = PlainText(usesUnicode: usesUnicode)
            .printable(raw.replacing("\t", with: "    "))
        let most = max(width - number.count - 3, 8)
        line = "\(number) \(bar) " + (shown.count > most ? shown.prefix(most - 1) + "…" : shown)
        // A tab counts as one column, and is four wide.
        let column = source.column.map { column in
            column + 3 * raw.prefix(max(column - 1, 0)).count { $0 == "\t" }
        }
        if let column, column > 0, column <= min(shown.count, most) {
            let space = String(repeating: " ", count: number.count)
            caret = "\(space) \(bar) \(String(repeating: " ", count: column - 1))^"
        } else {
            caret = nil
        }
    }
}

/// Text for terminals: without control characters, which a trace could smuggle in; in ASCII where
/// the terminal has nothing else.
struct PlainText {
    let usesUnicode: Bool

    func printable(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                result += " "
            } else if scalar.properties.generalCategory == .control {
                result += "?"
            } else if scalar.isASCII || usesUnicode {
                result.unicodeScalars.append(scalar)
            } else {
                result += Self.plain[scalar] ?? "?"
            }
        }
        return result
    }

    private static let plain: [Unicode.Scalar: String] = [
        "…": "...", "·": "*", "∞": "inf", "∂": "d", "≈": "~", "‖": "|", "×": "x", "−": "-",
        "│": "|",
    ]
}
