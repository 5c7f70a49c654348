public import AdjointExamples

/// What a program came to.
public struct ProgramResult: Sendable {
    /// What the programs leave beside their measurements.
    public enum Outcome: Sendable {
        /// Invented names.
        case names([String])
        case burgers(BurgersSolution)
    }

    /// How the run went.
    public let configuration: ProgramConfiguration
    public let outcome: Outcome
    /// The measurements; the last is of the trained model.
    public let metrics: [StepMetrics]
    /// Seconds of training.
    public let seconds: Double

    /// The step after which the run was stopped; nil where it went to its end.
    public var stoppedAfter: Int? {
        guard let last = metrics.last?.step, last < configuration.steps else { return nil }
        return last
    }

    /// The last measurement: the held-out loss, or the relative error.
    public var measured: Double { metrics.last?.measured ?? .nan }

    /// `held-out loss 1.962 nats a letter`.
    public var summary: String {
        let text = configuration.program.text(measured)
        switch configuration.program {
        case .names: return "held-out loss \(text) nats a letter"
        case .burgers: return "relative L2 error \(text) against the exact solution"
        }
    }

    /// The members of a JSON event.
    public var members: [(name: String, value: JSONLine.Value)] {
        var members: [(name: String, value: JSONLine.Value)] = [
            ("steps", .integer(metrics.last?.step ?? 0)),
            (configuration.program.measure.member, .number(measured)),
            ("loss", .number(metrics.last?.trainLoss ?? .nan)),
        ]
        if case .names(let names) = outcome {
            members.append(("names", .list(names.map { .text($0) })))
        }
        return members
    }

    /// The names of the files that the run left.
    public var files: [RunFolder.File] {
        let own: RunFolder.File
        switch configuration.program {
        case .names: own = .samples
        case .burgers: own = .solution
        }
        return RunFolder.File.results + [own]
    }

    /// The way down of what was measured, and the names or the picture that came of it.
    public func details(_ terminal: TerminalCapabilities) -> [String] {
        var lines: [String] = []
        if metrics.count > 1, let first = metrics.first {
            let program = configuration.program
            let spark = Sparkline.draw(
                metrics.map(\.measured), width: min(metrics.count, terminal.width - 24),
                unicode: terminal.unicode)
            let way = spark.isEmpty ? "" : terminal.styled(spark, .cyan) + " "
            lines = [
                "from \(program.text(first.measured)) \(way)to \(program.text(measured))", "",
            ]
        }
        switch outcome {
        case .names(let names): lines += Self.columns(of: names, terminal)
        case .burgers(let solution):
            lines += FieldPicture(terminal) { solution.values(at: $0, places: $1) }.lines
        }
        return lines
    }

    /// The names side by side; those that are in the list that was learned from are marked.
    private static func columns(of names: [String], _ terminal: TerminalCapabilities) -> [String] {
        let list = Set(NameList.all)
        let mark = terminal.unicode ? "·" : "*"
        let cells = names.map { list.contains($0) ? "\($0)\(mark)" : $0 }
        let known = cells.count { $0.hasSuffix(mark) }
        let width = (cells.map(\.count).max() ?? 0) + 2
        let perLine = max((terminal.width - 3) / width, 1)
        let rows = stride(from: 0, to: cells.count, by: perLine).map { start in
            let row = cells[start..<min(start + perLine, cells.count)]
            let line = row.map { $0 + String(repeating: " ", count: width - $0.count) }.joined()
            return "  " + line.trimmingSuffix { $0 == " " }
        }
        let title =
            "\(names.count) invented names; \(mark) marks the \(known) that are in the list too:"
        return [String(title.prefix(terminal.width - 1))] + rows
    }
}

extension String {
    /// The text without the characters at its end that `isBlank` holds for.
    fileprivate func trimmingSuffix(_ isBlank: (Character) -> Bool) -> Substring {
        self[..<(lastIndex { !isBlank($0) }.map { index(after: $0) } ?? startIndex)]
    }
}
