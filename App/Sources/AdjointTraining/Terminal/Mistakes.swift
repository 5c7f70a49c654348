/// The examples that a model got wrong with the greatest confidence.
public struct Mistakes: Sendable {
    /// One example taken for another class.
    public struct Mistake: Sendable, Equatable {
        /// The position of the example, counted from 0.
        public let example: Int
        /// The index of its class.
        public let truth: Int
        /// The index of the class that the model gave.
        public let prediction: Int
        /// The probability that the model gave to it.
        public let confidence: Double
    }

    /// The worst first; equally bad ones in the order of the examples.
    public let worst: [Mistake]
    /// How many mistakes there are in all.
    public let total: Int

    /// Finds the worst `limit` mistakes; `probabilities` are those of `predictions`.
    public init(truth: [Int], predictions: [Int], probabilities: [Double], limit: Int = 6) {
        let all = truth.indices.filter { truth[$0] != predictions[$0] }
            .map {
                Mistake(
                    example: $0, truth: truth[$0], prediction: predictions[$0],
                    confidence: probabilities[$0])
            }
            .sorted { ($1.confidence, $0.example) < ($0.confidence, $1.example) }
        worst = Array(all.prefix(limit))
        total = all.count
    }

    /// The mistakes as lines of text: pictures side by side for images, a line each for tables.
    public func draw(_ examples: ExampleSet, terminal: TerminalCapabilities) -> [String] {
        guard examples.shape.count == 3 else {
            return worst.map {
                let line =
                    "example \($0.example + 1): \(name($0.truth, examples)) taken for "
                    + "\(name($0.prediction, examples)) (\(NumberText.percent($0.confidence, 0)))"
                return String(line.prefix(terminal.width - 1))
            }
        }
        let pictures = worst.map {
            ImagePicture(
                Array(examples.example($0.example)), shape: examples.shape, terminal: terminal)
        }
        guard let width = pictures.first.map({ max($0.width, 14) }) else { return [] }
        let gap = 2
        let perLine = max((terminal.width - 1 + gap) / (width + gap), 1)
        var lines: [String] = []
        for start in stride(from: 0, to: worst.count, by: perLine) {
            let group = start..<min(start + perLine, worst.count)
            if start > 0 { lines.append("") }
            let captions = group.map { caption(worst[$0], examples, terminal, width: width) }
            lines.append(trimmed(captions.joined(separator: "  ")))
            for row in pictures[start].lines.indices {
                let cells = group.map { index in
                    let picture = pictures[index]
                    return picture.lines[row] + String(repeating: " ", count: width - picture.width)
                }
                lines.append(trimmed(cells.joined(separator: "  ")))
            }
        }
        return lines
    }

    /// `line` without the blanks at its end.
    private func trimmed(_ line: String) -> String {
        String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
    }

    private func name(_ index: Int, _ examples: ExampleSet) -> String { examples.classNames[index] }

    /// `3 → 5  91%`, cut or filled to `width` columns.
    private func caption(
        _ mistake: Mistake, _ examples: ExampleSet, _ terminal: TerminalCapabilities, width: Int
    ) -> String {
        let arrow = terminal.unicode ? "→" : "->"
        let text =
            "\(name(mistake.truth, examples)) \(arrow) \(name(mistake.prediction, examples))  "
            + NumberText.percent(mistake.confidence, 0)
        let cut = String(text.prefix(width))
        return cut + String(repeating: " ", count: width - cut.count)
    }
}
