/// How often examples of each class were taken for each class.
public struct ConfusionMatrix: Sendable, Equatable {
    /// The names of the classes.
    public let classNames: [String]
    /// `counts[truth][prediction]`.
    public private(set) var counts: [[Int]]

    /// Counts pairs of class indices; both lists have an entry for each example.
    public init(truth: [Int], predictions: [Int], classNames: [String]) {
        self.classNames = classNames
        counts = classNames.map { _ in Array(repeating: 0, count: classNames.count) }
        for (truth, prediction) in zip(truth, predictions) { counts[truth][prediction] += 1 }
    }

    /// The share of examples that were recognised; nan where there are none.
    public var accuracy: Double {
        let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return Double(right) / Double(counts.joined().reduce(0, +))
    }

    /// The matrix as lines of text, or its largest confusions where the terminal is too narrow.
    public func draw(_ terminal: TerminalCapabilities) -> [String] {
        let names = classNames.map { $0.count > 8 ? String($0.prefix(7)) + "~" : $0 }
        let nameWidth = max(names.map(\.count).max() ?? 1, 5)
        let widest = counts.joined().max().map { String($0).count } ?? 1
        let cell = max(names.map(\.count).max() ?? 1, widest) + 1
        guard nameWidth + 1 + cell * names.count < terminal.width, names.count <= 40 else {
            return largestConfusions(terminal)
        }
        let zero = terminal.unicode ? "·" : "."
        let header = padded("true", nameWidth) + " " + names.map { padded($0, cell) }.joined()
        var lines = [terminal.styled(header, .faint) + "  predicted"]
        if nameWidth + 1 + cell * names.count + 11 >= terminal.width { lines[0].removeLast(11) }
        for (truth, row) in counts.enumerated() {
            let cells = row.enumerated().map { prediction, count in
                let text = padded(count == 0 ? zero : String(count), cell)
                if count == 0 { return terminal.styled(text, .faint) }
                return terminal.styled(text, truth == prediction ? .green : .red)
            }
            lines.append(padded(names[truth], nameWidth) + " " + cells.joined())
        }
        return lines
    }

    private func largestConfusions(_ terminal: TerminalCapabilities) -> [String] {
        var pairs: [(count: Int, truth: Int, prediction: Int)] = []
        for (truth, row) in counts.enumerated() {
            for (prediction, count) in row.enumerated() where count > 0 && truth != prediction {
                pairs.append((count, truth, prediction))
            }
        }
        pairs.sort { ($0.count, $1.truth, $1.prediction) > ($1.count, $0.truth, $0.prediction) }
        let arrow = terminal.unicode ? "→" : "->"
        return pairs.prefix(10).map {
            let line =
                "\(padded(String($0.count), 5)) x \(classNames[$0.truth]) \(arrow) "
                + classNames[$0.prediction]
            return String(line.prefix(terminal.width - 1))
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
